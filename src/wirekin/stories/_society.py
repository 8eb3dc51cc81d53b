"""More words in the manner of `_dictionary`: politics, courts, money, travel, science, culture, sport and nature.

Compiled by hand, 2026-11, by the same rules.
"""

WORDS = """
premier pm netanyahu премьер нетаньяху نخست‌وزیر نتانیاهو نتنياهو רוהמ נתניהו
whitehouse trump трамп ترامپ ترامب טראמפ
opposition оппозиция оппозиционер اپوزیسیون مخالفان معارضة אופוזיציה
coalition коалиция ائتلاف تحالف קואליציה
party партия حزب מפלגה
leader chief boss лидер глава руководитель رهبر سران زعيم מנהיג
mayor мэр градоначальник شهردار عمدة
governor губернатор استاندار فرماندار محافظ מושל
senator senate congress congressman сенатор сенат конгресс سنا سناتور کنگره شيوخ كونغرس סנאט קונגרס сената
law bill legislation statute закон законопроект قانون لایحه تشريع חוק
referendum plebiscite референдум همه‌پرسی استفتاء משאל
recount tally retally пересчёт بازشماری ספירה пересчёта
candidate nominee contender кандидат نامزد مرشح מועמד кандидата
campaign кампания کارزار קמפיין
appoint appointment named назначить назначен انتصاب منصوب تعيين عين מינוי installs nominate يعين מונתה
impeach impeachment импичмент недоверие استیضاح عزل הדחה censure
coup putsch junta переворот хунта путч کودتا הפיכה путчисты کودتاچیان
corruption bribe bribery graft embezzle fraud коррупция взятка мошенничество хищение растрата فساد رشوه اختلاس
corruption کلاهبرداری احتيال שחיתות שוחד взяток растрат corrupt kickback embezzlement взяточничество коррупционный فاسد
corruption رشوه‌خواری رشاوى فاسدين שחיתויות
scandal скандал رسوایی فضيحة שערורייה скандалу furore outcry backlash uproar скандальный возмущение جنجال ضجة
riot unrest clash looting беспорядки погром мародёр ناآرامی درگیری آشوب شغب اشتباكات مواجهات עימות עימותים беспорядок
riot погрома rioters looters اغتشاش شغبا התפרעות
curfew emergency martial комендантский чрезвычайный чп طوارئ חירום עוצר
teargas cannon слезоточивый водомёт водомёта
crackdown repression репрессии подавление разгон سرکوب قمع דיכוי
rights activist правозащитник активист ناشط זכויות פעיל
censorship цензура блокировка سانسور فیلتر رقابة حجب צנזורה חסימה блокировок
journalist reporter correspondent журналист репортёр корреспондент روزنامه‌نگار خبرنگار صحفي صحافي مراسل עיתונאי כתב
journalist журналистка
summon recall вызвать вызван احضار استدعى استدعاء זימן זומן вызвало вызовет вызывает فراخواند استدعت يستدعي تستدعي
condemn denounce deplore осудить осуждать осуждение محکوم نکوهش إدانة ندد تنديد גינה גינוי осуждает осуждало slam decry
condemn تقبیح نددت يندد تندد مدينا גינתה
warn threat threaten vow vowed ultimatum предупредить предупреждение предостеречь угроза угрожать пригрозить ультиматум
warn تهدید اخطار هشدارداد تحذير حذر هدد توعد איום איים הזהיר אזהרה אולטימטום предостерёг предостерегла предостережёт
warn предостережённый угрожает угрожало حذرت يحذر تحذر هددت يهدد تهدد
demand urge insist потребовать призвать требование настаивать خواستار درخواست مطالبه دعا ناشد דרש דרישה קרא הפציר
demand потребовало потребует потребуют потребованный призвало призовёт призванный настаивает настаивало urged требует
demand требуют призывает طالبت يطالب تطالب دعت يدعو דורש
reject rebuff refuse refusal spurn snub отвергнуть отказаться отклонить отверг رد امتناع رفض رفضت ترفض דחתה סירב סירוב
reject отвергнул отвергла отвергнет отказалось откажется отклонённый отказывается ردکرد نپذیرفت مخالفت يرفض מסרב
accept agree agreed approve approval endorse согласиться одобрить одобрение утвердить принять پذیرفت تصویب موافقت وافق
accept موافقة أقر إقرار אישר אישור הסכים утверждённый принял примет принят أقرت يقر وافقت يوافق אושר
deny denied denial опровергнуть отрицать опровержение تکذیب انکار نفى הכחיש הכחשה опроверг опровергнул опровергла
deny опровергнет отрицает отрицало опровергает ينفي تنفي
confirm confirmation подтвердить подтверждение تأیید أكد تأكيد אישרר أكدت يؤكد
apologise apologize apology извиниться извинение عذرخواهی اعتذار התנצל پوزش اعتذر يعتذر اعتذرت
partnership cooperation ally alliance союз сотрудничество партнёрство альянс союзник همکاری شراکت متحد اتحاد تعاون
partnership شراكة حليف שותפות שיתוף ברית
veto resolution вето резолюция قطعنامه وتو فيتو החלטה וטו
deport deportation expulsion депортация депортировать выдворить اخراج ترحيل גירוש депортировало депортирует депортируют
deport депортированный выдворенный expels expelled выслать высылает طرد طردت يطرد ترحل رحلت גירש גורש גורשו
extradite extradition экстрадиция استرداد تسليم
nato нато ناتو נאטו
sentence convict guilty conviction приговорён виновен محکومیت أدين הורשע נידון jailed imprisoned imprisonment حبس
sentence إدانته מאסר
charge indict indictment accuse prosecutor prosecution обвинить обвинение прокурор прокуратура обвиняемый اتهام دادستان
charge کیفرخواست اتهم نيابة אישום פרקליט обвинять обвиняет обвинял arraigned предъявили متهم تهمة وجهت
murder homicide stab knife убийство убийца зарезать нож ножевой چاقو طعن سكين רצח דקירה דקר סכין зарезает зарезало
murder зарезанный killer murderer قتل‌عام רוצח נרצח נדקר
rob robbery theft thief thieves steal stole stolen burglar heist кража украсть ограбление вор угон دزدی سرقت سارق سطو
rob שוד גניבה גנב פריצה украло украдёт украденный robber burglary raider swiped ограбили دزدیده دزدیدند لصوص سرقوا نهب
rob נשדד שדדו גנבו נגנב
smuggle smuggler контрабанда قاچاق تهريب הברחה trafficking trafficker контрабандист провоз قاچاقچی مهرب הבריחו מבריח
drug narcotic cocaine heroin opioid наркотик кокаин наркоторговец کوکائین مخدرات סמים קוקאין наркоторговца meth
drug fentanyl cannabis hashish марихуана гашиш تریاک حشیش كبتاغون חשיש
investigate investigation probe inquiry inquest расследование следователь следком скр проверка تحقیق بازرسی חקירה בדיקה
investigate следок проверок investigators расследуют بازپرس حققت נחקר
lawyer attorney адвокат юрист وکیل محام адвоката
interest borrowing loan credit mortgage lend кредит ипотека заём займ вклад وام تسهیلات قرض قروض رهن הלוואה משכנתא
interest אשראי кредита
gdp economy recession ввп экономика рецессия اقتصاد رکود כלכלה מיתון תמג
currency forex fx валюта курс ارز صرف валютный العملة
euro евро یورو אירו
shekel шекель شیکل שקל שקלים
lira лира لیر
yuan юань یوآن יואן
stock share equity bourse биржа котировки фондовый سهام بورس سهم أسهم بورصة מניות בורסה котировок nasdaq nikkei индексы
bond debt treasury yield облигация долг долговой офз اوراق بدهی سندات ديون אגח חוב gilts سند
trader investor трейдер инвестор سرمایه‌گذار معامله‌گر مستثمر متداول משקיע סוחר
gold bullion золото طلا ذهب זהב
plant factory mill workshop facility завод фабрика комбинат цех объект предприятие کارخانه تأسیسات کارگاه مجتمع مصنع
plant منشأة معمل מפעל комбината
coal miner colliery шахта шахтёр уголь معدن معدنچی زغال منجم فحم מכרה פחם
grain wheat harvest crop farmer зерно пшеница урожай фермер аграрий غلات گندم کشاورز حبوب قمح مزارع محصول תבואה חיטה
grain חקלאי зёрен урожая аграриев maize кукуруза ячмень ذرت ذرة شعير תירס
food hunger famine продовольствие еда голод غذا گرسنگی طعام مجاعة מזון רעב едой groceries foodstuff продукты
food продовольственный خوراکی أغذية
trade tariff customs торговля пошлина тариф таможня تجارت تعرفه گمرک تجارة رسوم جمارك סחר מכס торговель таможен
insurance insurer premium underwriter страхование страховщик страховка بیمه تأمين ביטוח פרמיה страховок
company firm corporation business компания фирма корпорация бизнес شرکت شركة חברה
merger acquisition takeover acquire buyout buy bought purchase слияние поглощение купить покупка приобрести ادغام خرید
merger خريدار استحواذ اندماج شراء רכישה מיזוג קנה купленный покупок приобрёл приобретёт приобретённый merge приобретает
merger покупает выкупить تملک استحوذت يستحوذ تستحوذ اشترت רוכשת רכשה קונה נרכשה
sell sold sale продажа продать распродажа فروش بيع باع מכר продало продаст продадут проданный
layoff redundancies jobs unemployment unemployed безработица بیکاری اشتغال بطالة وظائف تسريح אבטלה redundant פיטורין
wage salary payroll pension зарплата оклад пенсия пенсионер دستمزد بازنشسته رواتب أجور معاش שכר משכורת פנסיה зарплат
wage paycheck
bankrupt bankruptcy insolvency default банкрот банкротство дефолт ورشکستگی إفلاس insolvent administrators ورشکسته مفلس
bankrupt أفلست
profit revenue earnings quarterly прибыль выручка درآمد أرباح إيرادات רווח הכנסות выручек income убыток سودآوری ربح
fine fined штраф оштрафовать جریمه غرامة קנס оштрафовало оштрафует оштрафуют оштрафованный penalised جریمه‌شد تغريم غرم
fine قنس נקנסה
cargo freight container shipper контейнер фрахт بار کانتینر محموله شحن حاوية بضائع מכולות
cancel cancelled scrap axe axed suspend halt stop divert suspension отменить отменяют приостановить остановить
cancel прекратить остановлен لغو متوقف تعليق ألغت إلغاء علق أوقف وقف ביטל ביטול השעה בוטלו הפסיק отменённый отменять
cancel отменял приостановленный يلغي علقت يعلق أوقفت מבטל
delay postpone late отложить отсрочка перенос задержка опаздывать сдвинуть تأخیر تعویق تأجيل تأخر דחייה עיכוב נדחה
delay отложенный отсрочек задержек опаздывает опаздывало сдвинул сдвинет shelved перенёс перенесли به‌تعویق تأجل يؤجل
delay مؤجل إرجاء נדחתה דחו
close closure shut shutdown shutter закрыть закрыли تعطیل إغلاق أغلق סגירה נסגר закроет закрываются أغلقت يغلق تغلق
close مغلقة סגור נסגרו
open reopen inaugurate открыть открыли بازگشایی افتتاح فتح פתיחה נפתח חנוכה откроет unveils بازشد گشوده افتتحت يفتتح
open تفتح نفتتح פתח נפתחו
resume restart restore возобновить возобновление восстановить восстановлено ازسرگیری استئناف استأنف חידוש חודש
resume возобновляет استأنفت يستأنف תחודש חודשו
construction built construct строить строительство построить достройка стройка ساخت ساخت‌وساز إنشاء בנייה בנה строенный
construction построенный достроек строек
homeless evacuee displaced бездомный переселенец вынужденный بی‌خانمان مشرد نازح עקור переселенца
return homecoming вернуться возвращаться возвращение вернулись بازگشت عودة عاد חזרה חזרו возвращается возвращалось
metro subway underground tube метро метрополитен подземка مترو מטרו подземок
bus buses автобус маршрутка троллейбус трамвай اتوبوس حافلة باص אוטובוס маршруток трамвая minibus microbus مینی‌بوس
bus ميكروباص מיניבוס
tunnel тоннель туннель تونل نفق מנהרה
traffic jam congestion пробка затор ترافیک ازدحام פקק עומס пробок
taxi cab такси تاکسی تكسي
launch liftoff blastoff запуск запустить старт запущен راه‌اندازی أطلق تدشين שיגור שוגר השקה أطلقت שיגרה
robot ai chatbot робот нейросеть ии ربات روبوت רובוט нейросети
chip semiconductor микросхема чип полупроводник تراشه نیمه‌هادی رقاقة שבב микросхему
physics физика فیزیک فيزياء פיזיקה
chemistry химия شیمی كيمياء
medicine medical медицина پزشکی طب طبي רפואה
birth born baby newborn twins рождение младенец близнецы تولد نوزاد دوقلو ولادة مولود توأم לידה תינוק תאומים младенца
woman women женщина زن زنان امرأة نساء נשים
student pupils university college campus студент школьник ученик вуз университет دانشجو دانش‌آموز دانشگاه طلاب جامعة
student סטודנט תלמיד אוניברסיטה университета schoolchildren schoolboy schoolgirl تلاميذ تلميذ
church mosque synagogue temple cathedral pope patriarch церковь мечеть храм собор папа патриарх کلیسا مسجد پاپ كنيسة
church בבא بطريرك כנסייה מסגד אפיפיור церкви мечети
museum gallery exhibition музей галерея выставка موزه نمایشگاه نقاشی متحف معرض لوحة מוזיאון תערוכה ציור نگارخانه музея
museum галерее выставок exhibit экспозиция متاحف מוזאון מוצג
archaeology excavation dig unearth ancient археолог раскопки древний باستان‌شناسی حفاری باستانی آثار أثري تنقيب
archaeology ארכאולוג עתיק חפירה раскопок
win won victory victorious triumph победа выиграть پیروزی برد انتصر انتصار فاز يفوز ניצחון ניצח זכתה побеждённый
win выиграло выиграет выигранный beat thrash overcome overcame outclass обыграл разгромил одолел غلبه هزم هزمت يهزم
win تغلب تغلبت يتغلب فازت انتصرت ניצחו הביס גבר מנצחת
lose lost defeat beaten поражение проиграть شکست باخت هزيمة خسر خسارة הפסד הפסיד проиграло проиграет проигранный
lose eliminated вылетел уступил حذف مغلوب خسرت يخسر إقصاء הפסידו מובס
retire retirement اعتزال פרישה פרש اعتزل يعتزل
dozen дюжина десяток دوجین ده‌ها عشرات תריסר десятка
hundred сотня صدها مئات сотен
thousand тысяча هزار ألف آلاف אלף
half halve половина вдвое пополам نیمی نصف מחצית חצי
double twofold удвоить двойной دوبرابر مضاعف ضعف הכפיל удвоенный
percent pct процент درصد بالمئة אחוז
overnight night midnight predawn dawn ночь ночной рассвет полночь شب شبانه ليل فجر שחר рассвета полуночи לילה
meet встреча встретиться ملاقات لقاء اجتماع التقى פגישה נפגש التقت يلتقي اجتمع اجتمعت يجتمع נפגשו
scientist researcher physicist chemist biologist учёный исследователь химик биолог دانشمند پژوهشگر علماء باحث מדען חוקר
study research исследование پژوهش مطالعه دراسة מחקר
writer novelist author poet писатель романист поэт نویسنده شاعر رمان‌نویس كاتب روائي סופר משורר
book novel книга роман رمان کتاب ספר רומן
literature literary литература литературный ادبیات
comet комета دنباله‌دار مذنب
asteroid meteorite астероид метеорит سیارک شهاب‌سنگ كويكب نيزك אסטרואיד метеорита
moon lunar луна قمر ירח
mars martian марс марсианский مریخ מאדים
orbit orbital орбита орбитальный مدار מסלול
astronaut cosmonaut астронавт космонавт فضانورد أسترونوت אסטרונאוט
spacecraft capsule spaceship капсула فضاپیما کپسول مركبة
cosmodrome launchpad spaceport космодром стартовый پایگاه‌فضایی قاعدة‌فضائية космодрома
roscosmos роскосмос روسکاسموس روسكوسموس
hacker cyberattack ransomware malware взлом взломать هکرها بدافزار قراصنة اختراق взломало взломает взломанный hacked
hacker breached хакеры кибератаки هک هاكرز قرصنة האקרים נפרצו פרצו
home house жилой خانه مسکن منزل منازل سكن דיור жильём
apartment flat квартира многоэтажка آپارتمان شقة شقق דירה многоэтажек
block многоэтажный высотка برج מגדל высоток
phone smartphone handset mobile телефон смартфон گوشی موبایل هاتف طلفون טלפון
app application приложение اپلیکیشن تطبيق אפליקציה
child children kid ребёнок дети детский کودک طفل أطفال ילד ребёнка детьми
teen teenager adolescent teenage подросток نوجوان مراهق נער подростка
docker dockworker longshore longshoreman longshoremen stevedore докер грузчик باراندازکار סוור סווארים
sack ousted dismiss dismissal fired уволить уволен увольнение отстранить отстранён برکنار أقال פיטר פיטורים הודח ouster
sack unseat depose сместить смещён عزل‌شده أقالت يقيل פוטר מדיח
doctor physician medic paramedic surgeon врач медик хирург جراح طبيب أطباء רופא חובש دکتر
ambulance آمبولانس إسعاف אמבולנס
suspect подозреваемый подозревать مظنون مشتبه חשוד подозревает подозревало
visa ویزا روادید تأشيرة
passport паспорт گذرنامه پاسپورت جواز דרכון
citizen гражданин граждане شهروند مواطن אזרח
director filmmaker режиссёр کارگردان مخرج במאי
actor actress актёр актриса بازیگر ممثل שחקן
oscar оскар اسکار أوسكار אוסקר
goalkeeper keeper вратарь دروازه‌بان حارس שוער
coach manager тренер مربی سرمربی مدرب מאמן наставник سرمربی‌گری مدربا
olympic olympiad олимпиада олимпийский المپیک أولمبياد أولمبي אולימפיאדה אולימפי
boxer boxing боксёр бокс بوکسور بوکس ملاكم מתאגרף אגרוף
tennis теннис теннисист تنیس تنس טניס
marathon марафон ماراتن ماراثون מרתון
theatre theater театр تئاتر مسرح תיאטרון
ballet dancer балет танцовщик танцор باله رقصنده باليه راقص בלט רקדן балета
opera опера اپرا أوبرا אופרה
hotel отель гостиница هتل فندق מלון
tourist tourism holidaymaker турист туризм گردشگر سائح سياحة תייר
fisherman fishing fishermen angler рыбак рыболов ماهیگیر صياد דייג рыболова
dog puppy собака щенок سگ كلب כלב щенка щенята
bear медведь خرس דוב
restriction curb ограничение ограничить محدودیت قيود הגבלה
package пакет بسته حزمة חבילה пакета
disease illness sickness болезнь заболевание مرض מחלה أمراض מחלות
acquit acquittal exonerate оправдать оправдан оправдательный برائت تبرئة ببراءة זיכוי זיכה
appeal appellate апелляция обжаловать апелляционный تجدیدنظر فرجام‌خواهی ערעור ערער
sue sued lawsuit litigation plaintiff истец засудить دادخواست مقاضاة يقاضي תבע תביעה תובע
sworn swear oath inauguration присяга инаугурация سوگند تحلیف تنصيب اليمين
reshuffle shakeup перестановки ترمیم
turnout явка
rebound recover recovery bounced отскок отскочил بازیابی انتعاش تعافى يتعافى התאוששות
stake shareholding shareholder акционер سهام‌دار حصة אחזקה
ipo flotation הנפקה
recall отзывает فراخوان ריקול
aground grounding мель جنحت جنوح שרטון
recognise recognition признал признаёт признание به‌رسمیت
withdraw withdrawn вывел سحب ينسحب انسحبت نسحب נסוגו
battle fighting combat skirmish firefight gunbattle сражение نبرد معركة معارك قتال
nurse медсестра پرستار ممرض
cancer tumour tumor oncology онкология опухоль سرطان ورم סרטן
draw stalemate equaliser equalizer ничья مساوی تعادل תיקו
medal podium медаль бронза медали مدال برنز ميدالية مدالیا מדליית
qualify qualified تأهل تأهلت يتأهل העפיל
transfer трансфер نقل‌وانتقالات
painting canvas masterpiece artwork картина полотно шедевр تابلو لوحات تحفة
statue monument sculpture bust статуя памятник скульптура монумент مجسمه تندیس یادبود تمثال تماثيل פסל אנדרטה
carpet rug ковры فرش قالیچه سجادة
concert gig концерт کنسرت حفلة حفلات קונצרט
singer vocalist musician songwriter певец певица музыкант вокалист خواننده نوازنده آوازخوان مغني مطرب מוזיקאי זמר
funeral burial buried mourners mourn похороны траур تشییع خاکسپاری سوگواری به‌خاک جنازة دفن حداد לוויה קבורה
wedding marry married bride свадьба поженились عروسی ازدواج زفاف زواج عرس חתונה התחתנו נישואים
lander touchdown rover прилунился فرود فرودگر مسبار
telescope observatory телескоп обсерватория تلسکوپ رصدخانه تلسكوب مرصد טלסקופ
fossil dinosaur palaeontologist paleontologist окаменелость динозавр палеонтолог فسیل دایناسور أحفورة ديناصور מאובן
fossil דינוזאור
climate emission greenhouse климат потепление выбросы اقلیم گرمایش مناخ انبعاثات الاحتباس אקלים התחממות
gang cartel mafia gangster банда мафия картель باند تبهکاران مافیا عصابة כנופיה
fugitive escapee escaped jailbreak manhunt разыскиваемый сбежал сбежавший беглец سراسریاب گریخت هارب
counterfeit forged forgery bogus поддельный подделка фальшивый фальшивомонетчик تقلبی مزور مزيفة תזויף מזויף זיוף
egg яйцо تخم‌مرغ بيض ביצה ביצים
bread loaf хлеб نان خبز לחם
coffee кофе قهوه קפה
tea чай چای شاي תה
pistachio фисташки فستق פיסטוק
saffron шафран زعفران זעפרן
caviar sturgeon осётр осетрина خاویار كافيار קוויאר
elephant слон слонёнок
lion lioness львица لبؤة אריה
tiger тигр ببر טיגריס
wolf wolves волк گرگ ذئب ذئاب זאב
whale نهنگ حوت حيتان
shark акула کوسه قرش כריש
horse лошадь конь اسب حصان خيول סוס
cattle cow livestock корова скот گاو بقرة أبقار פרה פרות
bee beekeeper пчела пасека زنبور نحل דבורים
bird flock птица پرنده پرندگان طيور ציפור
penguin пингвин پنگوئن פינגווין
panda панда پاندا باندا פנדה
snake змея ثعبان ثعابين أفعى נחש
crocodile alligator крокодил کروکودیل تمساح תנין
zoo zookeeper зоопарк باغ‌وحش
hail hailstorm hailstones تگرگ
sandstorm گردوغبار ریزگرد
lightning молния صاعقه صواعق ברקים
fog mist туман مه‌آلود ضباب ערפל
sinkhole فروچاله בולען בולענים
smog pollution смог загрязнение آلودگی تلوث
elevator лифт آسانسور مصعد
crane краны جرثقیل رافعة עגורן
balloon بالن منطاد
lottery jackpot лотерея джекпот لاتاری بخت‌آزمایی يانصيب הגרלה
toy игрушка اسباب‌بازی צעצוע
tree oak дерево дуб درخت شجرة أشجار עצים
census перепись سرشماری
poverty бедность فقر
"""
