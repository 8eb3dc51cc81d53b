"""Two words that stand for one thing, as the words of `_dictionary` do: a concept, then its phrases, word_word.

Compiled by hand from general knowledge, 2026-11-29.
"""

PHRASES = """
kill lives_lost lost_lives claim_lives claimed_lives جان_باخت جان_باختند جان_داد سقوط_قتلى
rescue pulled_alive نجات_یافت
fire أتى_حريق
crash سقوط_هواپیما פגע_וברח
collapse give_way gave_way فرو_ریخت آوار_شدن
heatwave heat_wave аномальный_жар موجة_حر גל_חום
landslide debris_flow رانش_زمین انهيارات_أرضية سقوط_صخور
sink غرق_شد غرق_شدن انقلاب_قارب
missing без_вести
leak разлив_нефти
shoot opened_fire open_fire gunned_down رمي_النار أطلق_النار
murder slain_body убил_жену جریمه_قتل
drug مواد_مخدر
arrest jailed_suspect rounded_up
charge لائحة_اتهام כתב_אישום
sentence life_sentence years_prison محکوم_شد محکومیت_حبس حكم_بالسجن
acquit cleared_of
court supreme_court בתי_משפט בית_משפט
execute הוצא_להורג
hostage בני_ערובה
release أطلقت_سراح
resign step_down stepped_down stepping_down stands_down stand_down bow_out bowed_out подал_отставку ушёл_отставку
resign استعفا_داد کناره_گیری
sack fired_chief снять_должность عزل_شد
appoint names_new منصوب_شد
sworn swears_in вступил_должность يؤدي_اليمين
reshuffle shake_up ترمیم_کابینه تعديل_وزاري סבב_מינויים
election vote_count runoff_vote
turnout مشارکت_مردم نسبة_المشاركة אחוזי_הצבעה
impeach no_confidence вотум_недоверия رأی_اعتماد سحب_الثقة حجب_الثقة אי_אמון
parliament نمایندگان_مجلس חברי_כנסת
coup انقلاب_عسكري מהפכה_צבאית
protest sit_in
riot צות_עימותים
walkout walk_out walked_out walk_off walked_off walks_out down_tools downed_tools industrial_action work_stoppage
walkout picket_line picket_lines прекращение_работы دست_کشیدند
union trade_union
layoff lay_off laid_off job_cuts shed_jobs sheds_jobs slash_jobs cut_jobs сокращения_штата массовые_увольнения
layoff تعدیل_نیرو اخراج_کارگران تسريح_عمال تقليص_وظائف
wage pay_rise pay_deal pay_packet حقوق_کارگران
low shed_points sell_off sank_to سقوط_کرد کاهش_یافت ریزش_قیمت افت_کرد ارزان_شد انهيار_سعر
rise افزایش_یافت گران_شد
rebound bounce_back
cut снизил_ставку کاهش_داد خفض_سعر
rate repo_rate ключевая_ставка سعر_الفائدة نرخ_بهره
bank central_bank fed_reserve federal_reserve центральный_банк بانک_مرکزی البنك_المركزي בנק_ישראל
inflation consumer_prices cost_living price_growth потребительские_цены گرانی_تورم غلاء_معيشة יוקר_מחיה
stock شاخص_بورس بازار_سهام
bond אגרות_חוב
currency بازار_ارز
profit earnings_beat
bankrupt פשיטת_רגל קריסה_כלכלית חדלות_פירעון
merger snap_up snapped_up bought_out takeover_bid
stake долю_в
ipo listing_shares размещение_акций عرضه_اولیه طرح_أولي
fine penalty_payment
recall отзыв_автомобилей فراخوان_خودرو استدعاء_سيارات קריאה_חוזרת
tanker cargo_ship bulk_carrier سفينة_شحن
aground run_aground ran_aground runs_aground сел_мель گل_نشست به‌گل_نشست עלתה_שרטון
derail jumped_tracks сход_рельсов сошёл_рельсов сошел_рельсов ریل_خارج خروج_قطار از_ریل خروج_قطار انحراف_قطار خرج_قضبان
derail ירדה_פסים ירידה_פסים
flight jet_airliner plane_crash борт_самолёта هواپیمای_مسافربری رحلات_جوية מטוסי_נוסעים
cancel called_off call_off calls_off لغو_شد متوقف_شد עצרה_פעילות
delay push_back pushed_back put_off تعویق_افتاد عقب_افتاد
close shuts_down shut_down بسته_شد تعطیل_شد סגר_שערים
resume از_سرگیری سر_گیری
launch lift_off lifted_off blasts_off blasted_off پرتاب_شد إطلاق_صاروخ
reject turn_down turned_down turns_down vote_down voted_down dismisses_claim رد_کرد דחה_הצעה
accept passes_bill تصویب_کرد تصویب_شد موافقت_کرد توافق_على
deny disputes_claim تکذیب_کرد رد_اتهام
warn هشدار_داد تهدید_کرد
condemn blasts_decision محکوم_کرد محکوم_کردن
demand calls_for خواستار_شد
apologise پوزش_خواست عذر_خواهی
confirm تأیید_کرد מאשר_דיווח אישר_דיווח
summon احضار_کرد
deport اخراج_کرد اخراج_دیپلمات
recognise به_رسمیت اعترفت_بدولة الاعتراف_بدولة הכירה_במדינה
talk diplomacy_talks گفت_وگو משא_ומתן
ceasefire cease_fire halt_fighting прекращение_огня آتش_بس وقف_النار وقف_إطلاق הפסקת_אש
treaty signed_deal توافق_کرد
sign امضا_کرد امضا_شد
meet met_with دیدار_کرد ملاقات_کرد
visit tour_of سفر_کرد وارد_شد
withdraw pull_out pulled_out pulls_out خارج_شد عقب_نشینی הוציא_כוחות
retreat pull_back pulled_back pulls_back عقب_نشینی عقب_نشست يتراجع_قوات
strike air_strike air_raid air_raids بمباران_کرد حمله_هوایی حملات_هوایی شن_غارات
shell گلوله_باران قصف_مدفعي القصف_المدفعي
intercept shoots_down shot_down shoot_down shooting_down brought_down رهگیری_کرد سرنگون_کرد اعتراض_صاروخ
drone טיל_שיוט כלי_טיס
troops جنود_الجيش
battle gun_battle
offensive هجوم_بري
seize توقیف_شد ضبط_شد
invade هجوم_زمینی
siege محاصره_کرد הוטל_מצור
hacker cyber_attack data_breach утечка_данных هک_شد حمله_سایبری هجوم_سيبراني اختراق_بيانات פריצה_מחשבים מתקפת_סייבר
cloud crash_system systems_down tech_failure انقطاع_خدمة קריסת_מערכת
electricity power_cut power_cuts power_outage power_outages grid_failure without_power без_света قطع_برق انقطاع_التيار
electricity انقطاع_الكهرباء التيار_الكهربائي הפסקת_חשמל הפסקות_חשמל ללא_חשמל
virus إصابة_بفيروس חולי_שפעת התפרצות_מחלה
hospital בתי_חולים בית_חולים
nurse אחות_בית אחים_ואחיות
disease مرضى_بمرض
cancer גידול_ממאיר
win edge_past see_off rout_rivals knock_out knocked_out knocks_out پیروز_شد شکست_داد
lose lost_to crash_out crashed_out beaten_by حذف_شد شکست_خورد הדחה_מהגביע
goal hat_trick هت_تریک سجل_هدف כבש_שער
match kick_off встреча_команд دیدار_تیم لقاء_كروي
champion title_winner قهرمان_شد
medal gold_medal bronze_medal
qualify advance_to through_to booked_place reach_final выход_финал вышла_финал вышел_финал вышли_финал صعود_کرد
qualify راهی_فینال עלתה_לגמר עלה_לגמר
coach head_coach المدير_الفني מאמן_קבוצה
retire hang_up завершить_карьеру завершил_карьеру уходит_спорта بازنشسته_شد خداحافظی_کرد תולה_נעליים
transfer loan_move signing_from перешёл_в انتقال_بازیکن صفقة_انتقال
prize wins_award جایزه_برد برنده_جایزه يفوز_بجائزة
nobel نوبل_صلح نوبل_السلام
film عرض_أول
painting نقاشی_ها لوحة_فنية יצירת_מופת
statue نصب_تذكاري
auction hammer_price under_hammer מכירה_פומבית מכירות_פומביות
concert حفل_موسيقي הופעת_ענק
funeral laid_rest прощание_с הובא_למנוחות
space أقمار_صناعية قمر_صناعي قمرا_صناعيا
lander touch_down touched_down посадка_луну هبوط_مسبار
climate global_warming
gang группировка_преступная
fugitive on_run تحت_تعقیب فرار_سجين נמלט_ממאסר ברח_מהכלא עבריין_נמלט
school בתי_ספר בית_ספר
train rail_line
bus coach_bus
truck נהגי_משאיות
boat migrant_boat vessel_migrant
volcano آتش_فشان הר_געש
reactor power_plant nuclear_plant атомная_станция نیروگاه_اتمی محطة_نووية תחנת_כוח
nuclear обогащение_урана غنی_سازی تخصيب_اليورانيوم העשרת_אורניום
sanction עיצומים_כלכליים
ban bars_from ممنوع_کرد
scandal غضب_واسع סערה_ציבורית
journalist روزنامه_نگار
refugee asylum_seeker מבקשי_מקלט
food مواد_غذایی مواد_غذائية
grain wheat_crop
egg تخم_مرغ
cattle دام_و
bee خلايا_نحل
bird طائر_مهاجر
zoo باغ_وحش حديقة_حيوان גן_חיות
hail град_размером برد_كثيف
sandstorm dust_storm пыльная_буря عاصفة_رملية عاصفة_ترابية סופת_חול סופת_אבק
lightning מכת_ברק
sinkhole провал_грунта حفرة_انهدامية
smog air_pollution آلودگی_هوا זיהום_אוויר
crane строительный_кран
balloon воздушный_шар כדור_פורח
toy لعبة_أطفال
census تعداد_سكان מפקד_אוכלוסין
poverty poor_households
"""
