"""Countries and places as five languages write them, in lines as in `_dictionary`.

Compiled by hand, 2026-11, with the oblique forms of Russian names that the light stem does not reach, and with the
adjectives that it does not reduce to the name. A capital stands on its country's line. Other cities have lines of their
own or none, since a word on a country's line says no more than the country does.
"""

PLACES = """
iran иран ایران איראן persia persian персия персидский پارس فارس
israel израиль اسرائیل ישראל
russia россия روسیه روسيا רוסיה русский rf рф россиянин россияне
ukraine украина اوکراین أوكرانيا אוקראינה kyiv киев كييف קייב
usa america washington сша америка آمریکا أميركا واشنطن ארהב אמריקה штаты американский
china beijing китай пекин چین الصين סין
lebanon beirut ливан бейрут لبنان بیروت לבנון ביירות бейрута
syria damascus сирия дамаск سوریه سوريا דמשק סוריה
iraq baghdad ирак багдад عراق بغداد עיראק בגדד
turkey турция ترکیه تركيا טורקיה ankara анкара آنکارا أنقرة אנקרה
georgia грузинский گرجستان جورجيا גאורגיה tbilisi тбилиси
europe eu евросоюз европа اروپا أوروبا אירופה
qatar катар قطر קטאר
italy италия ایتالیا إيطاليا الطليان איטליה rome римский
germany berlin германия берлин آلمان برلین ألمانيا גרמניה ברלין
japan япония ژاپن اليابان יפן tokyo токио توکیو طوكيو טוקיו
egypt cairo египет каир مصر قاهره מצרים קהיר египта
britain uk london британия лондон بریتانیا انگلیس لندن بريطانيا בריטניה לונדון
france paris франция париж فرانسه پاریس فرنسا باريس צרפת פריז
india delhi индия هند دهلی نيودلهي הודו דלהי
pakistan islamabad пакистан исламабад پاکستان اسلام‌آباد باكستان פקיסטן
afghanistan kabul taliban афганистан кабул талибан افغانستان کابل كابول אפגניסטן קאבול
oman muscat оман маската عمان مسقط עומאן מוסקט
saudi riyadh саудовский рияд عربستان السعودية סעודיה ריאד
yemen sanaa houthi йемен хусит یمن حوثی תימן хусита
kazakhstan astana казахстан астана قزاقستان كازاخستان קזחסטן
armenia yerevan армения ереван ارمنستان ایروان أرمينيا ארמניה
azerbaijan baku азербайджан баку آذربایجان باکو أذربيجان אזרבייגאן
belarus minsk беларусь белоруссия минск بلاروس بيلاروسيا בלארוס беларуси
poland warsaw польша варшава لهستان ورشو بولندا פולין
tehran тегеран تهران طهران טהרן
jerusalem иерусалим القدس ירושלים иерусалима
moscow москва московский مسکو موسكو מוסקבה
gaza غزه עזה
hormuz ормуз هرمز הורמוז
isfahan esfahan исфахан эсфахан اصفهان איספהאן אספהאן
tabriz тебриз табриз تبریز טבריז
bushehr бушер بوشهر בושהר
natanz натанз نطنز נתנז
fordow fordo фордо فردو פורדו
shiraz шираз شیراز שיראז
mashhad meshed мешхед משהד
haifa хайфа حیفا חיפה
beersheba beersheva беершева بئرالسبع بئرشبع sheva шева беэр беер
eilat эйлат ایلات אילת эйлата
nablus наблус نابلس שכם
hebron хеврон الخليل חברון
rafah рафах رفح רפיח
baalbek баальбек بعلبک בעלבכ
aleppo халеб алеппо حلب חאלב
homs хомс حمص חומס
kharkiv kharkov харьков харьковский خارکف خاركيف חרקוב
odesa odessa одесса اودسا أوديسا אודסה
lviv lvov львов لویو لفيف
dnipro dnepropetrovsk днепр днепропетровск دنیپرو دنيبرو
zaporizhzhia zaporozhye zaporizhia запорожье زاپوریژیا زابوريجيا
donetsk донецк دونتسک دونيتسك דונצק
luhansk lugansk луганск لوهانسک لوغانسك
crimea crimean крым القرم
belgorod белгород بلگورود بيلغورود
petersburg петербург питер سن‌پترزبورگ بطرسبرغ פטרסבורג
novorossiysk новороссийск نووراسیسک نوفوروسيسك נובורוסייסק
vladivostok владивосток ولادی‌وستوک فلاديفوستوك
chechnya chechen чечня чеченский грозный چچن الشيشان צצניה
dagestan дагестан داغستان דגסטן
almaty алматы алматинский آلماتی אלמטי алма-атой
bishkek kyrgyzstan бишкек киргизия кыргызстан قرقیزستان بیشکک قيرغيزستان קירגיזסטן
tashkent uzbekistan узбекистан ташкент ازبکستان تاشکند أوزبكستان טשקנט אוזבקיסטן
tajikistan dushanbe таджикистан душанбе تاجیکستان طاجيكستان טגיקיסטן
turkmenistan ashgabat туркмения туркменистан ашхабад ترکمنستان عشق‌آباد تركمانستان
moldova chisinau молдавия молдова кишинёв مولداوی مولدوفا кишинёва
finland helsinki финляндия хельсинки فنلاند هلسینکی فنلندا هلسنكي פינלנד הלסינקי
sweden stockholm швеция стокгольм سوئد استکهلم ستوكهولم
norway oslo норвегия осло نروژ اسلو النرويج أوسلو נורבגיה
denmark copenhagen копенгаген دانمارک کپنهاگ الدنمارك דנמרק
netherlands dutch hague нидерланды голландия гаага هلند هولندا הולנד האג
belgium brussels бельгия брюссель بلژیک بروکسل بلجيكا בלגיה בריסל
austria vienna австрия вена اتریش النمسا فيينا אוסטריה
switzerland swiss geneva швейцария женева سوئیس ژنو سويسرا جنيف שוויץ
hungary budapest венгрия будапешт مجارستان بوداپست بودابست הונגריה בודפשט
czech prague чехия прага پراگ التشيك براغ צכיה פראג
romania bucharest румыния бухарест رومانی بخارست رومانيا
bulgaria sofia болгария بلغارستان بلغاريا
serbia belgrade сербия белград صربستان بلگراد صربيا بلغراد סרביה בלגרד
greece athens греция афины یونان آتن أثينا אתונה
cyprus nicosia кипр никосия قبرس قبرص نيقوسيا קפריסין
spain madrid испания мадрид اسپانیا مادرید إسبانيا مدريد ספרד מדריד
portugal lisbon португалия лиссабон پرتغال لیسبون البرتغال لشبونة פורטוגל ליסבון
ireland dublin ирландия дублин ایرلند أيرلندا דבלין אירלנד
latvia riga латвия рига لاتفيا לטביה
lithuania vilnius литва вильнюс لیتوانی ليتوانيا ליטא
estonia tallinn эстония таллин استونی إستونيا אסטוניה
canada ottawa канада оттава کانادا كندا קנדה
mexico мексика мехико مکزیک المكسيك מקסיקו
cuba havana куба کوبا קובה
venezuela caracas венесуэла каракас ونزوئلا فنزويلا ונצואלה
brazil brasilia бразилия برزیل البرازيل ברזיל
argentina аргентина آرژانتین الأرجنتين ארגנטינה
australia canberra sydney австралия канберра استرالیا אוסטרליה
korea seoul pyongyang корея сеул пхеньян پیونگ‌یانگ كوريا سول بيونغيانغ קוריאה סיאול
taiwan taipei тайвань тайбэй تایوان טייוואן
vietnam hanoi вьетнам ویتنام فيتنام וייטנאם вьетнама
indonesia jakarta индонезия джакарта اندونزی إندونيسيا אינדונזיה
philippines manila филиппины манила فیلیپین الفلبين פיליפינים манилы
thailand bangkok таиланд бангкок تایلند تايلاند תאילנד тайланд
myanmar burma мьянма бирма میانمار מיאנמר
bangladesh dhaka бангладеш дакка بنگلادش بنغلاديش בנגלדש
nepal kathmandu непал катманду نپال نيبال נפאל непалу
jordan amman иордания амман اردن ירדן
kuwait кувейт کویت כווית
bahrain manama бахрейн манама بحرین בחריין
emirates uae dubai оаэ эмираты дубай دبی אמירויות דובאי эмират
palestine ramallah палестина рамалла فلسطین رام‌الله פלסטין רמאללה
libya tripoli ливия триполи لیبی طرابلس ليبيا לוב
sudan khartoum судан хартум سودان خارطوم الخرطوم סודן
ethiopia эфиопия اتیوپی إثيوبيا אתיופיה
nigeria нигерия نیجریه نيجيريا ניגריה
kenya nairobi кения найроби کنیا كينيا
morocco rabat марокко рабат مراکش المغرب מרוקו рабата
algeria алжир الجزایر אלגיריה
tunisia тунис تونس טוניסיה
africa african африка африканский آفریقا أفريقيا אפריקה
volga волга ولگا الفولغا וולגה
caspian каспий خزر قزوين הכספי
russia русские روسي российский россии
iran иранский איראני
israel израильский израильтянин إسرائيلي إسرائيل ישראלי
ukraine украинский украинец אוקראיני
usa американец americans американцы вашингтонский אמריקאי אמריקני
china китайский китаец סיני
lebanon ливанский לבנוני
syria сирийский
iraq иракский עיראקי
turkey турецкий анкарский טורקי
georgia georgian גאורגי
europe european европейский
qatar катарский קטארי doha доха دوحه الدوحة דוחא
italy итальянский итальянец איטלקי
germany немецкий фрг גרמני
japan японский японец יפני
egypt египетский
britain британский английский england scotland шотландия wales уэльс בריטי אנגליה بريطاني
france французский צרפתי
india индийский
pakistan пакистанский פקיסטני
afghanistan афганский אפגני
oman оманский עומאני
saudi saudis סעודי
yemen йеменский תימני صنعا صنعاء
kazakhstan казахстанский казахский
armenia армянский ארמני
azerbaijan азербайджанский
belarus белорусский
poland פולני
finland финский
sweden шведский
norway норвежский נורבגי
denmark датский danish
netherlands нидерландский голландский הולנדי
belgium бельгийский בלגי
austria австрийский אוסטרי
switzerland швейцарский
hungary венгерский הונגרי
czech чешский צכי
romania румынский
bulgaria bulgarian болгарский
serbia serbian сербский
greece greek греческий יווני athens
cyprus cypriot кипрский
spain испанский ספרדי
portugal португальский פורטוגלי
ireland irish ирландский
latvia latvian латвийский
lithuania lithuanian литовский
estonia estonian эстонский
canada canadian канадский קנדי
mexico mexican мексиканский מקסיקני
cuba cuban кубинский
venezuela venezuelan венесуэльский
brazil brazilian бразильский ברזילאי
argentina argentine argentinian аргентинский ארגנטינאי
australia australian австралийский אוסטרלי
korea korean корейский קוריאני южнокорейский северокорейский
taiwan taiwanese тайваньский
vietnam vietnamese вьетнамский
indonesia indonesian индонезийский אינדונזי
philippines filipino филиппинский
thailand thai таиландский тайский bangkok бангкок
bangladesh bangladeshi
nepal nepali nepalese непальский
jordan jordanian иорданский ירדני أردني
kuwait kuwaiti кувейтский
bahrain bahraini
emirates emirati эмиратский אמירתי
palestine palestinian палестинский палестинец פלסטיני
libya libyan ливийский
sudan sudanese суданский סודני
ethiopia ethiopian эфиопский addis
nigeria nigerian нигерийский abuja абуджа
kenya kenyan кенийский
morocco moroccan марокканский מרוקאי
algeria algerian алжирский algiers
tunisia tunisian тунисский
moldova moldovan молдавский кишинев
bishkek kyrgyz киргизский
tashkent uzbek узбекский
tajikistan tajik таджикский
turkmenistan turkmen туркменский
myanmar burmese
africa африка
chile chilean чили чилийский شیلی تشيلي santiago сантьяго
peru peruvian перу перуанский بيرو lima
colombia colombian колумбия колумбийский کلمبیا كولومبيا קולומביה bogota богота
ecuador эквадор эквадорский اکوادور الإكوادور אקוודור
bolivia боливия боливийский بولیوی بوليفيا
uruguay уругвай اروگوئه أوروغواي אורוגוואי
paraguay парагвай پاراگوئه باراغواي פרגוואי
guatemala гватемала گواتمالا غواتيمالا גואטמלה
honduras гондурас هندوراس הונדורס
salvador сальвадор السالوادور سالوادور אלסלבדור
nicaragua никарагуа نیکاراگوئه نيكاراغوا ניקרגואה
panama панама панамский پاناما بنما פנמה
haiti haitian гаити гаитянский هائیتی هايتي
jamaica jamaican ямайка جامائیکا جامايكا ג'מייקה
dominican доминиканский доминикана دومینیکن الدومينيكان
ghana ghanaian гана гану ганы гане ганский غانا גאנה accra аккра
senegal senegalese сенегал سنگال السنغال סנגל dakar дакар
mali malian мали bamako бамако
burkina буркина بورکینا بوركينا בורקינה
cameroon камерун کامرون קמרון
chad chadian чад چاد تشاد צ'אד ndjamena
congo congolese конго конголезский کنگو الكونغو קונגו kinshasa киншаса drc
uganda ugandan уганда угандийский اوگاندا أوغندا אוגנדה kampala
rwanda rwandan руанда رواندا רואנדה kigali
burundi бурунди بوروندی بوروندي
tanzania tanzanian танзания танзанийский تانزانیا تنزانيا טנזניה
somalia somali сомалийский سومالی الصومال סומליה mogadishu могадишо מוגדישו
eritrea эритрея إريتريا אריתריאה
djibouti джибути جیبوتی جيبوتي ג'יבוטי
mozambique мозамбик موزامبیک موزمبيق מוזמביק
angola ангола آنگولا أنغولا אנגולה
zambia замбия زامبیا زامبيا זמביה
zimbabwe зимбабве زیمبابوه زيمبابوي זימבבואה harare
malawi малави مالاوی ملاوي
madagascar мадагаскар ماداگاسکار مدغشقر מדגסקר
namibia намибия نامیبیا ناميبيا נמיביה
botswana ботсвана بوتسوانا בוטסואנה
gabon габон گابن الغابون גבון
togo توگو توغو
benin бенин بنین بنين
gambia гамбия گامبیا غامبيا גמביה
liberia liberian либерия لیبریا ليبيريا ליבריה
mauritania мавритания موريتانيا מאוריטניה
pretoria юар претория
albania albanian албания албанский ألبانيا אלבניה tirana тирана
bosnia bosnian босния боснийский بوسنی البوسنة בוסניה sarajevo сараево
croatia croatian хорватия хорватский کرواسی كرواتيا קרואטיה zagreb загреб
slovenia slovenian словения словенский سلوفينيا סלובניה ljubljana
slovakia slovak словакия словацкий اسلواکی سلوفاكيا סלובקיה bratislava братислава
macedonia macedonian македония مقدونیه مقدونيا מקדוניה skopje
montenegro черногория черногорский مونته‌نگرو מונטנגרו podgorica
kosovo kosovar косово косовский کوزوو كوسوفو קוסובו pristina приштина
iceland icelandic исландия исландский ایسلند آيسلندا איסלנד reykjavik рейкьявик
luxembourg люксембург لوکزامبورگ لوكسمبورغ לוקסמבורג
malta maltese мальта مالت مالطا מלטה
vatican ватикан ватиканский واتیکان الفاتيكان ותיקן
greenland гренландия گرینلند غرينلاند גרינלנד
malaysia malaysian малайзия малайзийский مالزی ماليزيا מלזיה kuala
singapore сингапур سنگاپور سنغافورة סינגפור
cambodia cambodian камбоджа камбоджийский کامبوج كمبوديا קמבודיה
laos лаос لائوس لاوس לאוס
mongolia mongolian монголия монгольский مغولستان منغوليا מונגוליה
lanka lankan ланка шри-ланка لانکا سريلانكا סרילנקה colombo
maldives мальдивы مالدیو المالديف מלדיביים
zealand zealander зеландия новозеландский نیوزیلند נייוזילנד wellington
papua папуа پاپوآ بابوا פפואה
fiji фиджи فیجی فيجي
hongkong гонконг гонконгский هنگ‌کنگ
"""

# Each line: a country, then the places above that lie in it or that its news is about. Regions name no country.
WITHIN = """
iran tehran isfahan tabriz bushehr natanz fordow shiraz mashhad
israel jerusalem haifa beersheba eilat nablus hebron gaza rafah palestine
palestine jerusalem nablus hebron gaza rafah
lebanon baalbek
syria aleppo homs
ukraine kharkiv odesa lviv dnipro zaporizhzhia donetsk luhansk crimea
russia moscow belgorod petersburg novorossiysk vladivostok chechnya dagestan donetsk luhansk crimea
kazakhstan almaty
georgia georgia
usa georgia
"""
REGIONS = "europe africa caspian volga hormuz"
