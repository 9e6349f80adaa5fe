<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ar" sourcelanguage="en">
  <context>
    <name>studio</name>
    <message>
      <source>&amp;Edit</source>
      <translation>ت&amp;حرير</translation>
    </message>
    <message>
      <source>&amp;File</source>
      <translation>&amp;ملف</translation>
    </message>
    <message>
      <source>&amp;Help</source>
      <translation>م&amp;ساعدة</translation>
    </message>
    <message>
      <source>&amp;Shot</source>
      <translation>ال&amp;لقطة</translation>
    </message>
    <message>
      <source>&amp;View</source>
      <translation>&amp;عرض</translation>
    </message>
    <message>
      <source>&amp;Window</source>
      <translation>&amp;نافذة</translation>
    </message>
    <message>
      <source>, </source>
      <translation>، </translation>
    </message>
    <message>
      <source>33 body points of people and mannequins, on the processor</source>
      <translation>33 نقطة جسم للأشخاص والمانيكان، على المعالج</translation>
    </message>
    <message>
      <source>; </source>
      <translation>؛ </translation>
    </message>
    <message>
      <source>A JPEG has no transparency: choose another file type or another background first.</source>
      <translation>صيغة JPEG لا تعرف الشفافية: اختر أولًا نوع ملف آخر أو خلفية أخرى.</translation>
    </message>
    <message>
      <source>A Redis server answers there, but refuses the password in its address, or misses one.</source>
      <translation>يجيب خادم Redis هناك، لكنه يرفض كلمة المرور الواردة في عنوانه، أو تنقصه كلمة مرور.</translation>
    </message>
    <message>
      <source>A approve   F fix   X reject   ← → next   Ctrl+Z undo</source>
      <translation>A قبول   F تصحيح   X رفض   ← → التالي   Ctrl+Z تراجع</translation>
    </message>
    <message>
      <source>A cloud result is doubtful</source>
      <translation>نتيجة سحابية مشكوك فيها</translation>
    </message>
    <message>
      <source>A credit pays for one picture rendered by the service. Work on this computer is free.</source>
      <translation>يدفع الرصيد الواحد ثمن صورة واحدة تعالجها الخدمة. العمل على هذا الحاسوب مجاني.</translation>
    </message>
    <message>
      <source>A driver is installed but does not answer: install it again, or restart the computer.</source>
      <translation>برنامج التشغيل مثبّت لكنه لا يجيب: ثبّته من جديد أو أعد تشغيل الحاسوب.</translation>
    </message>
    <message>
      <source>A farm's broker is the address of a Redis server.</source>
      <translation>وسيط المزرعة هو عنوان خادم Redis.</translation>
    </message>
    <message>
      <source>A naming rule is text with tokens such as {stem}.</source>
      <translation>قاعدة التسمية نصّ فيه رموز مثل {stem}.</translation>
    </message>
    <message>
      <source>A passphrase has {} characters or more.</source>
      <translation>تتألف عبارة المرور من {} محارف أو أكثر.</translation>
    </message>
    <message>
      <source>A photo of the set as it is without the garment helps to tell it from mannequin and backdrop.</source>
      <translation>صورة للمشهد كما هو من دون القطعة تساعد على تمييز المانيكان والخلفية من القطعة.</translation>
    </message>
    <message>
      <source>A plain patch of the garment has the mannequin's colour: it may be a head, a limb or the stand.</source>
      <translation>في القطعة بقعة سادة بلون المانيكان: قد تكون رأسًا أو طرفًا أو الحامل.</translation>
    </message>
    <message>
      <source>A small piece hangs on the garment by a thread: it may be a hand or another part of the mannequin.</source>
      <translation>جزء صغير معلّق بالقطعة بخيط رفيع: قد يكون يدًا أو جزءًا آخر من المانيكان.</translation>
    </message>
    <message>
      <source>A window or a command of this computer is busy with the farm.</source>
      <translation>نافذة أو أمر على هذا الحاسوب مشغول بالمزرعة.</translation>
    </message>
    <message>
      <source>A worker named {} is at the farm already.</source>
      <translation>في المزرعة عامل باسم {} من قبل.</translation>
    </message>
    <message>
      <source>A worker of the farm was lost</source>
      <translation>فُقد عامل من المزرعة</translation>
    </message>
    <message>
      <source>A worker passed photos on</source>
      <translation>أحال عاملٌ صورًا إلى غيره</translation>
    </message>
    <message>
      <source>A worker uses another folder</source>
      <translation>عامل يستخدم مجلدًا آخر</translation>
    </message>
    <message>
      <source>About Modamoda Studio</source>
      <translation>حول Modamoda Studio</translation>
    </message>
    <message>
      <source>Accept the licence</source>
      <translation>قبول الترخيص</translation>
    </message>
    <message>
      <source>Account</source>
      <translation>الحساب</translation>
    </message>
    <message>
      <source>Account busy</source>
      <translation>الحساب مشغول</translation>
    </message>
    <message>
      <source>Account service not reached</source>
      <translation>تعذّر الوصول إلى خدمة الحساب</translation>
    </message>
    <message>
      <source>Account service unavailable</source>
      <translation>خدمة الحساب غير متاحة</translation>
    </message>
    <message>
      <source>Account storage full</source>
      <translation>مساحة الحساب ممتلئة</translation>
    </message>
    <message>
      <source>Account works again</source>
      <translation>الحساب يعمل من جديد</translation>
    </message>
    <message>
      <source>Add the front, or say what the photo is: modamoda shoot set PHOTO --role front</source>
      <translation>أضف صورة الأمام، أو قل ما هي الصورة: modamoda shoot set PHOTO --role front</translation>
    </message>
    <message>
      <source>Add-on not complete</source>
      <translation>الإضافة غير مكتملة</translation>
    </message>
    <message>
      <source>Address not usable</source>
      <translation>عنوان غير صالح</translation>
    </message>
    <message>
      <source>After</source>
      <translation>بعد</translation>
    </message>
    <message>
      <source>After work</source>
      <translation>بعد العمل</translation>
    </message>
    <message>
      <source>Agree</source>
      <translation>أوافق</translation>
    </message>
    <message>
      <source>All shots</source>
      <translation>كل اللقطات</translation>
    </message>
    <message>
      <source>All time</source>
      <translation>كل الأوقات</translation>
    </message>
    <message>
      <source>Allow</source>
      <translation>اسمح</translation>
    </message>
    <message>
      <source>Already finished</source>
      <translation>أُنجزت من قبل</translation>
    </message>
    <message>
      <source>An account adds cloud rendering, more watched folders, and results on several computers.</source>
      <translation>يضيف الحساب المعالجة السحابية ومزيدًا من المجلدات المراقَبة والنتائج على عدة حواسيب.</translation>
    </message>
    <message>
      <source>An enlarged picture has no layers: choose another file type, or enlarge nothing, first.</source>
      <translation>الصورة المكبَّرة لا تحمل طبقات: اختر أولًا نوع ملف آخر، أو لا تكبّر.</translation>
    </message>
    <message>
      <source>Animated picture</source>
      <translation>صورة متحركة</translation>
    </message>
    <message>
      <source>Another Modamoda Studio has been talking to the account service for long.</source>
      <translation>نسخة أخرى من مودامودا ستوديو تخاطب خدمة الحساب منذ مدة.</translation>
    </message>
    <message>
      <source>Another farm folder</source>
      <translation>مجلد مزرعة أخرى</translation>
    </message>
    <message>
      <source>Another file stands at {} by now.</source>
      <translation>يوجد الآن ملف آخر في {}.</translation>
    </message>
    <message>
      <source>Another program wrote {} while {} was worked on; it was left as it is.</source>
      <translation>كتب برنامج آخر {} أثناء العمل على {}؛ تُرك كما هو.</translation>
    </message>
    <message>
      <source>Answer not understood</source>
      <translation>جواب غير مفهوم</translation>
    </message>
    <message>
      <source>Any person</source>
      <translation>أي شخص</translation>
    </message>
    <message>
      <source>Apply to the shoot</source>
      <translation>تطبيق على الجلسة</translation>
    </message>
    <message>
      <source>Applying corrections</source>
      <translation>تطبيق التصحيحات</translation>
    </message>
    <message>
      <source>Approve</source>
      <translation>قبول</translation>
    </message>
    <message>
      <source>Approve it: `modamoda review approve`.</source>
      <translation>وافق عليها: `modamoda review approve`.</translation>
    </message>
    <message>
      <source>Approve the sign-in in the browser if it shows this code: {code}</source>
      <translation>وافق على تسجيل الدخول في المتصفح إن ظهر فيه هذا الرمز: {code}</translation>
    </message>
    <message numerus="yes">
      <source>Approve {n} results</source>
      <translation>
        <numerusform>لا نتائج للقبول</numerusform>
        <numerusform>قبول نتيجة واحدة</numerusform>
        <numerusform>قبول نتيجتين</numerusform>
        <numerusform>قبول {n} نتائج</numerusform>
        <numerusform>قبول {n} نتيجة</numerusform>
        <numerusform>قبول {n} نتيجة</numerusform>
      </translation>
    </message>
    <message>
      <source>Approve, fix, reject in the review</source>
      <translation>القبول والتصحيح والرفض في المراجعة</translation>
    </message>
    <message>
      <source>Arm raised</source>
      <translation>ذراع مرفوعة</translation>
    </message>
    <message>
      <source>Arms away</source>
      <translation>الذراعان بعيدتان</translation>
    </message>
    <message>
      <source>As a PSD has them, for Photoshop</source>
      <translation>كما في ملف PSD، لبرنامج Photoshop</translation>
    </message>
    <message>
      <source>As of {when}.</source>
      <translation>حتى {when}.</translation>
    </message>
    <message>
      <source>As the system</source>
      <translation>حسب النظام</translation>
    </message>
    <message>
      <source>Ask the account service for a larger plan.</source>
      <translation>اطلب خطة أكبر من خدمة الحساب.</translation>
    </message>
    <message>
      <source>At the account's service</source>
      <translation>لدى خدمة الحساب</translation>
    </message>
    <message>
      <source>At the opening, something of the mannequin may have been kept.</source>
      <translation>ربما بقي شيء من المانيكان عند الفتحة.</translation>
    </message>
    <message>
      <source>Athletic</source>
      <translation>رياضي</translation>
    </message>
    <message>
      <source>Average</source>
      <translation>متوسط</translation>
    </message>
    <message>
      <source>Away</source>
      <translation>غير موجود</translation>
    </message>
    <message>
      <source>Back</source>
      <translation>الظهر</translation>
    </message>
    <message>
      <source>Background</source>
      <translation>الخلفية</translation>
    </message>
    <message>
      <source>Background colour</source>
      <translation>لون الخلفية</translation>
    </message>
    <message>
      <source>Background not found</source>
      <translation>الخلفية غير موجودة</translation>
    </message>
    <message>
      <source>Background picture</source>
      <translation>صورة الخلفية</translation>
    </message>
    <message>
      <source>Background under transparent results</source>
      <translation>الخلفية تحت النتائج الشفافة</translation>
    </message>
    <message>
      <source>Bare mannequin</source>
      <translation>المانيكان عارياً</translation>
    </message>
    <message>
      <source>Bare mannequin…</source>
      <translation>المانيكان عارياً…</translation>
    </message>
    <message>
      <source>Before</source>
      <translation>قبل</translation>
    </message>
    <message>
      <source>Beside each shoot</source>
      <translation>بجوار كل جلسة</translation>
    </message>
    <message>
      <source>Best available</source>
      <translation>أفضل المتاح</translation>
    </message>
    <message>
      <source>Between two days</source>
      <translation>بين يومين</translation>
    </message>
    <message>
      <source>Beyond a queue of</source>
      <translation>عندما يتجاوز الطابور</translation>
    </message>
    <message>
      <source>Black</source>
      <translation>أسود</translation>
    </message>
    <message>
      <source>BlazePose not installed</source>
      <translation>‏BlazePose غير مثبّت</translation>
    </message>
    <message>
      <source>Bottom</source>
      <translation>الأسفل</translation>
    </message>
    <message>
      <source>Boy</source>
      <translation>صبي</translation>
    </message>
    <message>
      <source>Bring the models on a disk: modamoda models import DIR</source>
      <translation>أحضر النماذج على قرص: modamoda models import DIR</translation>
    </message>
    <message>
      <source>Broken: {rules}.</source>
      <translation>القواعد المخالَفة: {rules}.</translation>
    </message>
    <message>
      <source>Broker not understood</source>
      <translation>عنوان الوسيط غير مفهوم</translation>
    </message>
    <message>
      <source>Brown</source>
      <translation>بني</translation>
    </message>
    <message>
      <source>Brush</source>
      <translation>فرشاة</translation>
    </message>
    <message>
      <source>Brush, eraser, lasso, polygon, click</source>
      <translation>فرشاة، ممحاة، حبل، مضلع، نقرة</translation>
    </message>
    <message>
      <source>Build</source>
      <translation>القوام</translation>
    </message>
    <message>
      <source>Build from fabric</source>
      <translation>بناء من القماش</translation>
    </message>
    <message>
      <source>Building the inside</source>
      <translation>بناء الداخل</translation>
    </message>
    <message>
      <source>Built-in preset</source>
      <translation>إعداد مضمّن</translation>
    </message>
    <message>
      <source>Built-in recipes: {}. A file holds JSON as `modamoda recipe show` prints it.</source>
      <translation>الوصفات المضمّنة: {}. الملف بصيغة JSON كما يطبعها `modamoda recipe show`.</translation>
    </message>
    <message>
      <source>Buy credits, or let this computer render it.</source>
      <translation>اشترِ أرصدة، أو دع هذا الحاسوب يعالجها.</translation>
    </message>
    <message>
      <source>Buy {credits} for {price}</source>
      <translation>شراء {credits} بسعر {price}</translation>
    </message>
    <message>
      <source>By rule, {when}: at most {credits}, {spent}.</source>
      <translation>بحسب القاعدة، {when}: {credits} على الأكثر، {spent}.</translation>
    </message>
    <message>
      <source>By rule…</source>
      <translation>حسب قاعدة…</translation>
    </message>
    <message>
      <source>Cancel</source>
      <translation>إلغاء</translation>
    </message>
    <message>
      <source>Cancelled</source>
      <translation>أُلغيت</translation>
    </message>
    <message>
      <source>Candidates</source>
      <translation>المرشّحون</translation>
    </message>
    <message>
      <source>Cannot be opened</source>
      <translation>تعذّر الفتح</translation>
    </message>
    <message>
      <source>Canvas</source>
      <translation>اللوحة</translation>
    </message>
    <message>
      <source>Card</source>
      <translation>بطاقة</translation>
    </message>
    <message>
      <source>Cards with a code between garments</source>
      <translation>بطاقات برمز بين القطع</translation>
    </message>
    <message>
      <source>Catalog damaged</source>
      <translation>الفهرس تالف</translation>
    </message>
    <message>
      <source>Centre</source>
      <translation>الوسط</translation>
    </message>
    <message>
      <source>Certificate not readable</source>
      <translation>تعذّرت قراءة الشهادة</translation>
    </message>
    <message>
      <source>Change the file's permissions.</source>
      <translation>غيّر أذونات الملف.</translation>
    </message>
    <message>
      <source>Change the permissions of the folder, make room on its disk, or name another one with MODAMODA_HOME.</source>
      <translation>غيّر أذونات المجلد، أو أفرغ مساحة على قرصه، أو سمِّ مجلداً آخر في MODAMODA_HOME.</translation>
    </message>
    <message>
      <source>Change the permissions of the folder, or name another one with MODAMODA_HOME.</source>
      <translation>غيّر صلاحيات المجلد، أو سمِّ مجلداً آخر في MODAMODA_HOME.</translation>
    </message>
    <message>
      <source>Check HTTPS_PROXY, or ask whoever runs the network.</source>
      <translation>تحقّق من HTTPS_PROXY أو اسأل المسؤول عن الشبكة.</translation>
    </message>
    <message>
      <source>Check its address and that it runs; a firewall may block port 6379.</source>
      <translation>تحقق من عنوانه ومن أنه يعمل؛ قد يمنع جدار الحماية المنفذ 6379.</translation>
    </message>
    <message>
      <source>Check that this is the right photo, and that the garment stands out from the background.</source>
      <translation>تأكد أنها الصورة الصحيحة وأن القطعة متميزة عن الخلفية.</translation>
    </message>
    <message>
      <source>Check the connection to the internet. Everything on this computer works without it.</source>
      <translation>تحقّق من الاتصال بالإنترنت. كل ما على هذا الحاسوب يعمل دونه.</translation>
    </message>
    <message>
      <source>Check the disk or the card.</source>
      <translation>افحص القرص أو البطاقة.</translation>
    </message>
    <message>
      <source>Check the disk, then try again.</source>
      <translation>افحص القرص ثم حاول من جديد.</translation>
    </message>
    <message>
      <source>Check the disk.</source>
      <translation>افحص القرص.</translation>
    </message>
    <message>
      <source>Check the file.</source>
      <translation>تحقق من الملف.</translation>
    </message>
    <message>
      <source>Check the folder and its permissions.</source>
      <translation>افحص المجلد وأذوناته.</translation>
    </message>
    <message>
      <source>Check the name of the photo of the set.</source>
      <translation>تحقق من اسم صورة الخلفية.</translation>
    </message>
    <message>
      <source>Check the name, or whether its disk is connected.</source>
      <translation>تأكد من الاسم ومن توصيل قرصه.</translation>
    </message>
    <message>
      <source>Check the shared folder's disk, then try again.</source>
      <translation>افحص قرص المجلد المشترك ثم حاول من جديد.</translation>
    </message>
    <message>
      <source>Check this computer's date. The certificate of a company's own network goes into MODAMODA_CA_FILE.</source>
      <translation>تحقّق من تاريخ هذا الحاسوب. شهادة شبكة الشركة توضع في MODAMODA_CA_FILE.</translation>
    </message>
    <message>
      <source>Checkerboard</source>
      <translation>رقعة شطرنج</translation>
    </message>
    <message>
      <source>Choose PNG or TIFF, or a smaller size.</source>
      <translation>اختر PNG أو TIFF أو مقاساً أصغر.</translation>
    </message>
    <message>
      <source>Choose TIFF, or a smaller size.</source>
      <translation>اختر TIFF أو مقاسًا أصغر.</translation>
    </message>
    <message>
      <source>Choose a longer one.</source>
      <translation>اختر عبارة أطول.</translation>
    </message>
    <message>
      <source>Choose a passphrase</source>
      <translation>اختر عبارة مرور</translation>
    </message>
    <message>
      <source>Choose a result to see what was measured on it.</source>
      <translation>اختر نتيجة لترى ما قيس عليها.</translation>
    </message>
    <message>
      <source>Choose a shot on the side to look at it before and after.</source>
      <translation>اختر لقطة من الجانب لتراها قبل المعالجة وبعدها.</translation>
    </message>
    <message>
      <source>Choose another output folder or change its permissions.</source>
      <translation>اختر مجلد مخرجات آخر أو غيّر أذوناته.</translation>
    </message>
    <message>
      <source>Choose another output folder.</source>
      <translation>اختر مجلداً آخر للنتائج.</translation>
    </message>
    <message>
      <source>Choose another shared folder.</source>
      <translation>اختر مجلدًا مشتركًا آخر.</translation>
    </message>
    <message>
      <source>Choose at least one channel.</source>
      <translation>اختر قناة واحدة على الأقل.</translation>
    </message>
    <message>
      <source>Choose one of them: its result says why, and what to do.</source>
      <translation>اختر إحداها: تقول نتيجتها السبب وما العمل.</translation>
    </message>
    <message>
      <source>Choose where results go</source>
      <translation>اختر مكان النتائج</translation>
    </message>
    <message>
      <source>Choose “Keep masks and master” in the recipe and process them again.</source>
      <translation>اختر «إبقاء الأقنعة والأصل» في الوصفة وعالجها من جديد.</translation>
    </message>
    <message>
      <source>Choose “Process again” to do them once more.</source>
      <translation>اختر «معالجة من جديد» لإعادتها.</translation>
    </message>
    <message>
      <source>Choose “Process again” to have it made anew.</source>
      <translation>اختر «معالجة من جديد» لصنعها من جديد.</translation>
    </message>
    <message>
      <source>Choose…</source>
      <translation>اختيار…</translation>
    </message>
    <message>
      <source>Clean cut-out</source>
      <translation>قصّ نظيف</translation>
    </message>
    <message>
      <source>Clear what has ended</source>
      <translation>مسح ما انتهى</translation>
    </message>
    <message>
      <source>Click a region</source>
      <translation>انقر منطقة</translation>
    </message>
    <message>
      <source>Clock turned back</source>
      <translation>الساعة أُرجعت إلى الوراء</translation>
    </message>
    <message>
      <source>Close</source>
      <translation>إغلاق</translation>
    </message>
    <message>
      <source>Close notice</source>
      <translation>إغلاق الإشعار</translation>
    </message>
    <message>
      <source>Close other programs that use the card, or use a card with at least 8 GB.</source>
      <translation>أغلق البرامج الأخرى التي تستخدم البطاقة، أو استخدم بطاقة بذاكرة 8 غ.ب على الأقل.</translation>
    </message>
    <message>
      <source>Close other programs, then try again.</source>
      <translation>أغلق البرامج الأخرى ثم حاول من جديد.</translation>
    </message>
    <message>
      <source>Cloud beyond a queue of</source>
      <translation>السحابة فوق طابور من</translation>
    </message>
    <message>
      <source>Cloud rendering</source>
      <translation>المعالجة السحابية</translation>
    </message>
    <message>
      <source>Cloud rendering by rule</source>
      <translation>المعالجة السحابية حسب قاعدة</translation>
    </message>
    <message>
      <source>Cloud rendering failed</source>
      <translation>فشلت المعالجة السحابية</translation>
    </message>
    <message>
      <source>Cloud without a graphics card</source>
      <translation>السحابة عند غياب بطاقة الرسوميات</translation>
    </message>
    <message>
      <source>Colour</source>
      <translation>اللون</translation>
    </message>
    <message>
      <source>Colours</source>
      <translation>الألوان</translation>
    </message>
    <message>
      <source>Colour…</source>
      <translation>لون…</translation>
    </message>
    <message>
      <source>Compare</source>
      <translation>مقارنة</translation>
    </message>
    <message>
      <source>Compare it with `modamoda recipe show human`.</source>
      <translation>قارنها بما يعرضه `modamoda recipe show human`.</translation>
    </message>
    <message>
      <source>Compare it with `modamoda recipe show invisible`.</source>
      <translation>قارنها بما يعرضه `modamoda recipe show invisible`.</translation>
    </message>
    <message>
      <source>Compare it with `modamoda templates show square --json`.</source>
      <translation>قارنه بما يعرضه `modamoda templates show square --json`.</translation>
    </message>
    <message>
      <source>Compile the networks</source>
      <translation>تجميع الشبكات</translation>
    </message>
    <message>
      <source>Compile the networks in the settings switches it on; only long batches can gain.</source>
      <translation>يُشغَّل من «تجميع الشبكات» في الإعدادات؛ ولا يفيد إلا في الدفعات الطويلة.</translation>
    </message>
    <message>
      <source>Compiles what paints figures and insides, where the graphics card holds it whole. The first picture then takes minutes; only long batches can gain. The page System says whether it is possible.</source>
      <translation>يجمّع الشبكات التي ترسم الأشخاص وداخل القطع حين تتسع لها بطاقة الرسوميات كاملة. تستغرق الصورة الأولى عندئذ دقائق، فلا يفيد إلا في الدفعات الطويلة. تذكر صفحة النظام إن كان ذلك ممكنًا.</translation>
    </message>
    <message>
      <source>Compiling</source>
      <translation>التجميع</translation>
    </message>
    <message>
      <source>Composing</source>
      <translation>تركيب الصورة</translation>
    </message>
    <message>
      <source>Computer not understood</source>
      <translation>تعذر فحص الحاسوب</translation>
    </message>
    <message>
      <source>Computers that hold a licence of the plan:</source>
      <translation>الحواسيب التي لديها ترخيص من الخطة:</translation>
    </message>
    <message>
      <source>Confidence</source>
      <translation>الثقة</translation>
    </message>
    <message>
      <source>Confidence {percent}</source>
      <translation>الثقة {percent}</translation>
    </message>
    <message>
      <source>Connect its disk or share again.</source>
      <translation>أوصل قرصه أو مشاركته من جديد.</translation>
    </message>
    <message>
      <source>Connect the network drive and name the folder that all share. To move the farm, first: modamoda farm stop</source>
      <translation>أوصل قرص الشبكة وسمِّ المجلد الذي يشترك فيه الجميع. ولنقل المزرعة ابدأ بـ: modamoda farm stop</translation>
    </message>
    <message>
      <source>Connect the network drive.</source>
      <translation>أوصل قرص الشبكة.</translation>
    </message>
    <message>
      <source>Connect the network drive. For a new farm run once: modamoda farm set-up</source>
      <translation>أوصل قرص الشبكة. ولمزرعة جديدة شغّل مرة واحدة: modamoda farm set-up</translation>
    </message>
    <message>
      <source>Connect to the internet and renew the licence. Photos, queue, history and results are not touched.</source>
      <translation>اتصل بالإنترنت وجدّد الترخيص. لا تُمسّ الصور ولا الطابور ولا السجل ولا النتائج.</translation>
    </message>
    <message>
      <source>Connection not safe</source>
      <translation>اتصال غير آمن</translation>
    </message>
    <message>
      <source>Contact</source>
      <translation>ظل تلامس</translation>
    </message>
    <message>
      <source>Content Credentials</source>
      <translation>بيانات اعتماد المحتوى</translation>
    </message>
    <message>
      <source>Content Credentials not written</source>
      <translation>لم تُكتب بيانات اعتماد المحتوى</translation>
    </message>
    <message>
      <source>Copy it again from the camera or the card.</source>
      <translation>انسخها من جديد من الكاميرا أو البطاقة.</translation>
    </message>
    <message>
      <source>Copy it again from the camera or the card; if it opens in another program, export it as JPEG or TIFF there.</source>
      <translation>انسخها من جديد من الكاميرا أو البطاقة؛ وإن فُتحت في برنامج آخر فصدّرها منه بصيغة JPEG أو TIFF.</translation>
    </message>
    <message>
      <source>Copy the address</source>
      <translation>نسخ العنوان</translation>
    </message>
    <message>
      <source>Copy the photograph to a disk first.</source>
      <translation>انسخ الصورة إلى قرص أولاً.</translation>
    </message>
    <message>
      <source>Correct MODAMODA_ACCOUNT_URL, or remove it.</source>
      <translation>صحّح MODAMODA_ACCOUNT_URL أو احذفه.</translation>
    </message>
    <message>
      <source>Correct MODAMODA_CA_FILE.</source>
      <translation>صحّح MODAMODA_CA_FILE.</translation>
    </message>
    <message>
      <source>Correct the file if it is your own; else install the program anew.</source>
      <translation>صحّح الملف إن كان من ملفاتك، وإلا فثبّت البرنامج من جديد.</translation>
    </message>
    <message>
      <source>Corrections kept</source>
      <translation>حُفظت التصحيحات</translation>
    </message>
    <message>
      <source>Crash reports</source>
      <translation>تقارير الأعطال</translation>
    </message>
    <message>
      <source>Credits</source>
      <translation>الأرصدة</translation>
    </message>
    <message>
      <source>Credits agreed to are used</source>
      <translation>نفدت الأرصدة المتفق عليها</translation>
    </message>
    <message>
      <source>Credits at most</source>
      <translation>أقصى عدد للأرصدة</translation>
    </message>
    <message>
      <source>Credits bought</source>
      <translation>شراء أرصدة</translation>
    </message>
    <message>
      <source>Credits have arrived</source>
      <translation>وصلت الأرصدة</translation>
    </message>
    <message>
      <source>Damaged photograph</source>
      <translation>صورة تالفة</translation>
    </message>
    <message>
      <source>Dark</source>
      <translation>داكن</translation>
    </message>
    <message>
      <source>Data folder not usable</source>
      <translation>مجلد البيانات غير صالح للاستعمال</translation>
    </message>
    <message>
      <source>Days between looks for updates</source>
      <translation>الأيام بين مرات البحث عن تحديثات</translation>
    </message>
    <message>
      <source>Deep</source>
      <translation>داكنة</translation>
    </message>
    <message>
      <source>Delete preset</source>
      <translation>حذف الإعداد</translation>
    </message>
    <message>
      <source>Delete results there that are not needed; those on this computer stay.</source>
      <translation>احذف هناك النتائج التي لا تلزم؛ ما على هذا الحاسوب يبقى.</translation>
    </message>
    <message>
      <source>Delete {title} from this computer? It can be downloaded again.</source>
      <translation>أتريد حذف {title} من هذا الحاسوب؟ يمكن تنزيله من جديد.</translation>
    </message>
    <message>
      <source>Disk</source>
      <translation>القرص</translation>
    </message>
    <message>
      <source>Disk full</source>
      <translation>القرص ممتلئ</translation>
    </message>
    <message>
      <source>Dismiss</source>
      <translation>إخفاء</translation>
    </message>
    <message>
      <source>Do again</source>
      <translation>تنفيذ من جديد</translation>
    </message>
    <message>
      <source>Do later</source>
      <translation>تأخير</translation>
    </message>
    <message>
      <source>Do next of all</source>
      <translation>تنفيذ قبل الجميع</translation>
    </message>
    <message>
      <source>Do not install anything that it names; try again from another network.</source>
      <translation>لا تثبّت شيئًا مما تذكره؛ أعد المحاولة من شبكة أخرى.</translation>
    </message>
    <message>
      <source>Do sooner</source>
      <translation>تقديم</translation>
    </message>
    <message>
      <source>Does not wait</source>
      <translation>ليست في الانتظار</translation>
    </message>
    <message>
      <source>Done</source>
      <translation>تمّت</translation>
    </message>
    <message>
      <source>Done before</source>
      <translation>أُنجز من قبل</translation>
    </message>
    <message>
      <source>Doubtful: taking it spends the credit</source>
      <translation>مشكوك فيها: أخذها ينفق الرصيد</translation>
    </message>
    <message>
      <source>Download</source>
      <translation>تنزيل</translation>
    </message>
    <message>
      <source>Download it again.</source>
      <translation>نزّله من جديد.</translation>
    </message>
    <message>
      <source>Download it under Models, or with: modamoda models fetch {}</source>
      <translation>نزّله من صفحة النماذج، أو بالأمر: modamoda models fetch {}</translation>
    </message>
    <message>
      <source>Download of {title}</source>
      <translation>تنزيل {title}</translation>
    </message>
    <message>
      <source>Download one of them under Models, or import a file of OpenPose points.</source>
      <translation>نزّل أحدهما من صفحة النماذج، أو استورد ملف نقاط OpenPose.</translation>
    </message>
    <message>
      <source>Drag a joint, Shift moves all; or choose one with Tab and move it with the arrow keys</source>
      <translation>اسحب مفصلاً، ومع Shift يتحرك الكل؛ أو اختر مفصلاً بمفتاح Tab وحرّكه بمفاتيح الأسهم</translation>
    </message>
    <message>
      <source>Drawing the figure</source>
      <translation>رسم الشخصية</translation>
    </message>
    <message>
      <source>Drop</source>
      <translation>ظل ساقط</translation>
    </message>
    <message>
      <source>Drop a folder of photographs here, or choose one. The photographs are only read, never changed.</source>
      <translation>أفلت مجلد صور هنا أو اختر واحداً. الصور تُقرأ فقط ولا تُغيَّر أبداً.</translation>
    </message>
    <message>
      <source>EXIF, IPTC and XMP of the photograph</source>
      <translation>بيانات EXIF وIPTC وXMP الخاصة بالصورة</translation>
    </message>
    <message>
      <source>Each channel gets a file of its own, made from the master and checked against the channel's rules.</source>
      <translation>لكل قناة ملف خاص بها، يُصنع من الأصل الرئيسي ويُفحص وفق قواعد القناة.</translation>
    </message>
    <message>
      <source>Each gets a file of its own, checked against its rules</source>
      <translation>لكل قناة ملف خاص بها يُفحص وفق قواعدها</translation>
    </message>
    <message numerus="yes">
      <source>Each photo costs {n} credits when it is done.</source>
      <translation>
        <numerusform>لا تكلف الصورة أي رصيد.</numerusform>
        <numerusform>تكلف كل صورة رصيدًا واحدًا عند إنجازها.</numerusform>
        <numerusform>تكلف كل صورة رصيدين عند إنجازها.</numerusform>
        <numerusform>تكلف كل صورة {n} أرصدة عند إنجازها.</numerusform>
        <numerusform>تكلف كل صورة {n} رصيدًا عند إنجازها.</numerusform>
        <numerusform>تكلف كل صورة {n} رصيد عند إنجازها.</numerusform>
      </translation>
    </message>
    <message>
      <source>Edit the mask</source>
      <translation>تحرير القناع</translation>
    </message>
    <message>
      <source>Edit the pose</source>
      <translation>تحرير الوضعية</translation>
    </message>
    <message>
      <source>Empty file</source>
      <translation>ملف فارغ</translation>
    </message>
    <message>
      <source>Empty set</source>
      <translation>الخلفية فارغة</translation>
    </message>
    <message>
      <source>Empty set…</source>
      <translation>الخلفية فارغة…</translation>
    </message>
    <message>
      <source>Engine</source>
      <translation>المحرك</translation>
    </message>
    <message>
      <source>Enhance</source>
      <translation>تحسين</translation>
    </message>
    <message>
      <source>Enlarge</source>
      <translation>تكبير</translation>
    </message>
    <message>
      <source>Enlarging</source>
      <translation>التكبير</translation>
    </message>
    <message>
      <source>Eraser</source>
      <translation>ممحاة</translation>
    </message>
    <message>
      <source>Every file of the studio engine is right.</source>
      <translation>كل ملفات محرك الاستوديو سليمة.</translation>
    </message>
    <message>
      <source>Every file of {id} is right.</source>
      <translation>كل ملفات {id} سليمة.</translation>
    </message>
    <message>
      <source>Every finished, failed and cancelled photo is listed here with its report, as far back as you have worked.</source>
      <translation>هنا كل صورة أُنجزت أو فشلت أو أُلغيت مع تقريرها، منذ بدأت العمل.</translation>
    </message>
    <message>
      <source>Every model</source>
      <translation>كل النماذج</translation>
    </message>
    <message>
      <source>Every photo for itself</source>
      <translation>كل صورة على حدة</translation>
    </message>
    <message>
      <source>Every status</source>
      <translation>كل الحالات</translation>
    </message>
    <message>
      <source>Everything on this computer works without an account, unmetered, for ever.</source>
      <translation>كل شيء على هذا الحاسوب يعمل دون حساب وبلا حدود، إلى الأبد.</translation>
    </message>
    <message>
      <source>Export</source>
      <translation>تصدير</translation>
    </message>
    <message>
      <source>Export for sales channels</source>
      <translation>تصدير لقنوات البيع</translation>
    </message>
    <message>
      <source>Export for sales channels…</source>
      <translation>تصدير لقنوات البيع…</translation>
    </message>
    <message>
      <source>Export it as JPEG or TIFF without HDR, or use the camera's RAW.</source>
      <translation>صدّرها بصيغة JPEG أو TIFF دون HDR، أو استخدم ملف RAW من الكاميرا.</translation>
    </message>
    <message>
      <source>Export it as JPEG, or as TIFF or PNG with 8 or 16 bit per channel.</source>
      <translation>صدّرها بصيغة JPEG، أو بصيغة TIFF أو PNG بعمق 8 أو 16 بت لكل قناة.</translation>
    </message>
    <message>
      <source>Export it as RGB with 8 or 16 bit per channel.</source>
      <translation>صدّرها بنظام RGB وبعمق 8 أو 16 بت لكل قناة.</translation>
    </message>
    <message>
      <source>Export it with a colour profile, such as sRGB or Adobe RGB.</source>
      <translation>صدّرها مع ملف تعريف ألوان مثل sRGB أو Adobe RGB.</translation>
    </message>
    <message>
      <source>Export stopped</source>
      <translation>توقف التصدير</translation>
    </message>
    <message>
      <source>Export the frame you want as JPEG, PNG or TIFF.</source>
      <translation>صدّر الإطار المطلوب بصيغة JPEG أو PNG أو TIFF.</translation>
    </message>
    <message>
      <source>Export the preset</source>
      <translation>تصدير الإعداد</translation>
    </message>
    <message>
      <source>Export to a file…</source>
      <translation>تصدير إلى ملف…</translation>
    </message>
    <message>
      <source>Exported</source>
      <translation>تم التصدير</translation>
    </message>
    <message>
      <source>Export…</source>
      <translation>تصدير…</translation>
    </message>
    <message>
      <source>Failed</source>
      <translation>فشلت</translation>
    </message>
    <message>
      <source>Farm beyond a queue of</source>
      <translation>إلى المزرعة ما يتجاوز طابورًا من</translation>
    </message>
    <message>
      <source>Farm could not do it</source>
      <translation>لم تتمكن المزرعة من إنجازها</translation>
    </message>
    <message>
      <source>Farm folder not writable</source>
      <translation>لا يمكن الكتابة في مجلد المزرعة</translation>
    </message>
    <message>
      <source>Farm folder out of reach</source>
      <translation>تعذر الوصول إلى مجلد المزرعة</translation>
    </message>
    <message>
      <source>Farm not installed</source>
      <translation>المزرعة غير مثبتة</translation>
    </message>
    <message>
      <source>Farm rendering is not in this licence</source>
      <translation>هذا الترخيص لا يشمل المعالجة على المزرعة</translation>
    </message>
    <message>
      <source>Fault of the program</source>
      <translation>خلل في البرنامج</translation>
    </message>
    <message>
      <source>Figure</source>
      <translation>الشخصية</translation>
    </message>
    <message>
      <source>File arrived damaged</source>
      <translation>وصل الملف تالفًا</translation>
    </message>
    <message>
      <source>File type</source>
      <translation>نوع الملف</translation>
    </message>
    <message>
      <source>Files for sales channels are made on this computer.</source>
      <translation>تُصنع ملفات قنوات البيع على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>Files for sales channels from the results that are selected</source>
      <translation>ملفات لقنوات البيع من النتائج المحددة</translation>
    </message>
    <message>
      <source>Fill</source>
      <translation>الملء</translation>
    </message>
    <message>
      <source>Finding a pose in a photo needs ViTPose or BlazePose, and neither is ready on this computer.</source>
      <translation>إيجاد الوضعية في صورة يحتاج إلى ViTPose أو BlazePose، ولا أحد منهما جاهز على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>Finding the garment</source>
      <translation>البحث عن القطعة</translation>
    </message>
    <message>
      <source>Finding the garment…</source>
      <translation>البحث عن القطعة…</translation>
    </message>
    <message>
      <source>Finished in {time}</source>
      <translation>أُنجزت في {time}</translation>
    </message>
    <message>
      <source>First: modamoda farm take-back</source>
      <translation>أولًا: modamoda farm take-back</translation>
    </message>
    <message>
      <source>Fit to the garment</source>
      <translation>ملاءمة للقطعة</translation>
    </message>
    <message>
      <source>Fit to the window</source>
      <translation>ملاءمة للنافذة</translation>
    </message>
    <message>
      <source>Fitting the pose</source>
      <translation>ملاءمة الوضعية</translation>
    </message>
    <message>
      <source>Fix the mask</source>
      <translation>تصحيح القناع</translation>
    </message>
    <message>
      <source>Folder</source>
      <translation>المجلد</translation>
    </message>
    <message>
      <source>Folder for results of other computers</source>
      <translation>مجلد لنتائج الحواسيب الأخرى</translation>
    </message>
    <message>
      <source>Folder is back</source>
      <translation>عاد المجلد</translation>
    </message>
    <message>
      <source>Folder not reachable</source>
      <translation>تعذر الوصول إلى المجلد</translation>
    </message>
    <message>
      <source>Folder not writable</source>
      <translation>لا يمكن الكتابة في المجلد</translation>
    </message>
    <message>
      <source>Folder of models</source>
      <translation>مجلد النماذج</translation>
    </message>
    <message>
      <source>Folder of packages</source>
      <translation>مجلد الحزم</translation>
    </message>
    <message>
      <source>Folders</source>
      <translation>المجلدات</translation>
    </message>
    <message>
      <source>Folder…</source>
      <translation>مجلد…</translation>
    </message>
    <message>
      <source>For pictures on a human model: install it under System, or with: modamoda addon install</source>
      <translation>للصور على عارضة بشرية: ثبّته من صفحة النظام، أو بالأمر: modamoda addon install</translation>
    </message>
    <message>
      <source>Forget corrections</source>
      <translation>انسَ التصحيحات</translation>
    </message>
    <message>
      <source>Frame</source>
      <translation>الإطار</translation>
    </message>
    <message>
      <source>Free</source>
      <translation>تحرير</translation>
    </message>
    <message>
      <source>Free some space on the disk of {}, or set MODAMODA_HOME.</source>
      <translation>أفرغ مساحة على قرص {} أو عيّن MODAMODA_HOME.</translation>
    </message>
    <message>
      <source>Free some space or move the models' folder, then fetch again: it goes on where it stopped.</source>
      <translation>أفرغ مساحة أو انقل مجلد النماذج ثم أعد التنزيل: يتابع من حيث توقف.</translation>
    </message>
    <message>
      <source>Free some space or move the models' folder.</source>
      <translation>أفرغ مساحة أو انقل مجلد النماذج.</translation>
    </message>
    <message>
      <source>Free some space, then install it again: what was fetched is still there.</source>
      <translation>أفرغ بعض المساحة ثم أعد التثبيت: ما تم جلبه ما زال موجودًا.</translation>
    </message>
    <message>
      <source>Free some space, then resume.</source>
      <translation>أفرغ مساحة ثم تابع.</translation>
    </message>
    <message>
      <source>Free some space, then try again.</source>
      <translation>أفرغ مساحة ثم حاول من جديد.</translation>
    </message>
    <message>
      <source>Free the seat of a computer that is not used any more, on the page Account (in a terminal: modamoda account licence --free), or take a larger plan.</source>
      <translation>حرّر في صفحة الحساب مقعد حاسوب لم يعد يُستعمل (وفي الطرفية: modamoda account licence --free)، أو خذ خطة أكبر.</translation>
    </message>
    <message>
      <source>From</source>
      <translation>من</translation>
    </message>
    <message>
      <source>From a folder…</source>
      <translation>من مجلد…</translation>
    </message>
    <message>
      <source>From behind</source>
      <translation>من الخلف</translation>
    </message>
    <message>
      <source>Front</source>
      <translation>الأمام</translation>
    </message>
    <message>
      <source>Full</source>
      <translation>ممتلئ</translation>
    </message>
    <message>
      <source>Garment</source>
      <translation>القطعة</translation>
    </message>
    <message>
      <source>Garment network of this program</source>
      <translation>شبكة الملابس في هذا البرنامج</translation>
    </message>
    <message>
      <source>Garment or SKU</source>
      <translation>القطعة أو رقمها</translation>
    </message>
    <message>
      <source>Generate (studio engine)</source>
      <translation>توليد (محرك الاستوديو)</translation>
    </message>
    <message>
      <source>Girl</source>
      <translation>فتاة</translation>
    </message>
    <message>
      <source>Give #rrggbb, {}, transparent, or the path of a picture.</source>
      <translation>اكتب ‎#rrggbb‎ أو {} أو transparent أو مسار صورة.</translation>
    </message>
    <message>
      <source>Give this one another --name, or wait a quarter of a minute if that one has just crashed.</source>
      <translation>أعط هذا اسمًا آخر بـ ‎--name، أو انتظر ربع دقيقة إن كان الآخر قد انهار للتو.</translation>
    </message>
    <message>
      <source>Give yours another name.</source>
      <translation>أعطِ وصفتك اسماً آخر.</translation>
    </message>
    <message>
      <source>Given back</source>
      <translation>استرداد</translation>
    </message>
    <message>
      <source>Go on</source>
      <translation>تابع</translation>
    </message>
    <message>
      <source>Go on with the version of the program used before, and report this with the newest log.</source>
      <translation>تابع بإصدار البرنامج المستخدم سابقًا، وأبلغ عن هذا مع أحدث سجل.</translation>
    </message>
    <message>
      <source>Going on</source>
      <translation>متابعة العمل</translation>
    </message>
    <message>
      <source>Graphics card not found</source>
      <translation>بطاقة الرسوم غير موجودة</translation>
    </message>
    <message>
      <source>Graphics card unfit</source>
      <translation>بطاقة الرسوم غير مناسبة</translation>
    </message>
    <message>
      <source>Graphics memory too small</source>
      <translation>ذاكرة الرسوم صغيرة</translation>
    </message>
    <message>
      <source>Grey</source>
      <translation>رمادي</translation>
    </message>
    <message>
      <source>Grey in both, so that colours are judged against a neutral ground.</source>
      <translation>رمادية في الحالتين، لتُقيَّم الألوان على أرضية محايدة.</translation>
    </message>
    <message>
      <source>Guide</source>
      <translation>الدليل</translation>
    </message>
    <message>
      <source>Hand in pocket</source>
      <translation>يد في الجيب</translation>
    </message>
    <message>
      <source>Hands behind back</source>
      <translation>اليدان خلف الظهر</translation>
    </message>
    <message>
      <source>Hands in pockets</source>
      <translation>اليدان في الجيبين</translation>
    </message>
    <message>
      <source>Hands on hips</source>
      <translation>اليدان على الخصر</translation>
    </message>
    <message>
      <source>Hardness</source>
      <translation>الصلابة</translation>
    </message>
    <message>
      <source>Hardness of the brush</source>
      <translation>صلابة الفرشاة</translation>
    </message>
    <message>
      <source>Height</source>
      <translation>الارتفاع</translation>
    </message>
    <message>
      <source>History</source>
      <translation>السجل</translation>
    </message>
    <message>
      <source>History busy</source>
      <translation>السجل مشغول</translation>
    </message>
    <message>
      <source>History damaged</source>
      <translation>السجل تالف</translation>
    </message>
    <message>
      <source>History made by a newer program</source>
      <translation>السجل من برنامج أحدث</translation>
    </message>
    <message>
      <source>History not brought up to date</source>
      <translation>لم يُحدَّث السجل</translation>
    </message>
    <message>
      <source>History not usable</source>
      <translation>لا يمكن استخدام السجل</translation>
    </message>
    <message>
      <source>Hold</source>
      <translation>تعليق</translation>
    </message>
    <message>
      <source>Hold to see the photograph</source>
      <translation>اضغط مطوّلاً لرؤية الصورة الأصلية</translation>
    </message>
    <message>
      <source>How front, inside and back of a garment are found.</source>
      <translation>كيف يُعرف أمام القطعة وداخلها وظهرها.</translation>
    </message>
    <message>
      <source>How many photos are worked on side by side; two keep a small computer busy.</source>
      <translation>عدد الصور التي تُعالج معاً؛ صورتان تكفيان لحاسوب صغير.</translation>
    </message>
    <message>
      <source>How much of the frame the garment takes</source>
      <translation>مقدار ما تشغله القطعة من الإطار</translation>
    </message>
    <message>
      <source>How often the program asks whether a newer version exists, and says so; 0 means never. It installs nothing.</source>
      <translation>كم مرة يسأل البرنامج عن وجود إصدار أحدث ويخبرك به؛ 0 تعني أبدًا. لا يثبّت شيئًا.</translation>
    </message>
    <message>
      <source>How the figure stands</source>
      <translation>كيف تقف الشخصية</translation>
    </message>
    <message>
      <source>Human model</source>
      <translation>عارض بشري</translation>
    </message>
    <message>
      <source>If it is a card that could not be read: modamoda shoot set PHOTO --role card --garment SKU</source>
      <translation>إن كانت بطاقة تعذّرت قراءتها: modamoda shoot set PHOTO --role card --garment SKU</translation>
    </message>
    <message>
      <source>If that was a mistake, sign in again.</source>
      <translation>إن كان ذلك خطأ فسجّل الدخول من جديد.</translation>
    </message>
    <message>
      <source>Import a pose</source>
      <translation>استيراد وضعية</translation>
    </message>
    <message>
      <source>Import a pose from a file or a photo</source>
      <translation>استيراد وضعية من ملف أو من صورة</translation>
    </message>
    <message>
      <source>Import a preset</source>
      <translation>استيراد إعداد</translation>
    </message>
    <message>
      <source>Import from a file…</source>
      <translation>استيراد من ملف…</translation>
    </message>
    <message>
      <source>In a hotel or café, open a web page first: their network may ask you to sign in.</source>
      <translation>في فندق أو مقهى افتح صفحة ويب أولًا: قد تطلب شبكتهم تسجيل الدخول.</translation>
    </message>
    <message>
      <source>In turn</source>
      <translation>بالتتابع</translation>
    </message>
    <message>
      <source>In which order the photos of each garment were taken.</source>
      <translation>بأي ترتيب التُقطت صور كل قطعة.</translation>
    </message>
    <message>
      <source>Indoors</source>
      <translation>داخل المنزل</translation>
    </message>
    <message>
      <source>Inside</source>
      <translation>الداخل</translation>
    </message>
    <message>
      <source>Inside joined from the inside photo ({percent})</source>
      <translation>وُصل الداخل من صورة الداخل ({percent})</translation>
    </message>
    <message>
      <source>Inside photo only</source>
      <translation>صورة الداخل فقط</translation>
    </message>
    <message>
      <source>Inside without a front</source>
      <translation>داخل بلا أمام</translation>
    </message>
    <message>
      <source>Install</source>
      <translation>تثبيت</translation>
    </message>
    <message>
      <source>Install Microsoft's C++ Build Tools and start the program from their command prompt.</source>
      <translation>ثبّت أدوات بناء C++ من مايكروسوفت وشغّل البرنامج من موجّه أوامرها.</translation>
    </message>
    <message>
      <source>Install Python 3.11 or newer.</source>
      <translation>ثبّت Python 3.11 أو أحدث.</translation>
    </message>
    <message>
      <source>Install it again.</source>
      <translation>ثبّته من جديد.</translation>
    </message>
    <message>
      <source>Install it on the page System (in a terminal: modamoda addon install), or use the starter engine.</source>
      <translation>ثبّته من صفحة النظام (أو بالأمر modamoda addon install)، أو استخدم المحرك المبتدئ.</translation>
    </message>
    <message>
      <source>Install it on the page System, or switch Compile the networks off.</source>
      <translation>ثبّته من صفحة النظام، أو أوقف «تجميع الشبكات».</translation>
    </message>
    <message>
      <source>Install it under System, or with: modamoda addon install</source>
      <translation>ثبّتها من صفحة النظام، أو بالأمر: modamoda addon install</translation>
    </message>
    <message>
      <source>Install it with: pip install 'modamoda-studio[provenance]'</source>
      <translation>ثبّته بالأمر: pip install 'modamoda-studio[provenance]'</translation>
    </message>
    <message>
      <source>Install it with: pip install 'modamoda-studio[studio-engine]', or use the starter engine.</source>
      <translation>ثبّته بالأمر: pip install 'modamoda-studio[studio-engine]' أو استخدم المحرك المبتدئ.</translation>
    </message>
    <message>
      <source>Install one (Debian and Ubuntu: sudo apt install g++; Fedora: gcc-c++).</source>
      <translation>ثبّت واحدًا (في Debian وUbuntu: ‏sudo apt install g++؛ وفي Fedora: ‏gcc-c++).</translation>
    </message>
    <message>
      <source>Install one (Debian: gnome-keyring), or sign in with a passphrase on the page Account; in a terminal: modamoda account sign-in --vault</source>
      <translation>ثبّت واحدة (ديبيان: gnome-keyring)، أو سجّل الدخول بعبارة مرور في صفحة «الحساب»؛ وفي الطرفية: modamoda account sign-in --vault</translation>
    </message>
    <message>
      <source>Install one version on all computers: {} runs version {}, the job comes from {}.</source>
      <translation>ثبّت إصدارًا واحدًا على كل الحواسيب: يعمل {} بالإصدار {}، والمهمة من الإصدار {}.</translation>
    </message>
    <message>
      <source>Install one with: xcode-select --install</source>
      <translation>ثبّت واحدًا بالأمر: xcode-select --install</translation>
    </message>
    <message>
      <source>Install the headers of Python {} (Debian and Ubuntu: the package python{}-dev).</source>
      <translation>ثبّت ملفات ترويسات Python {} (في Debian وUbuntu: الحزمة python{}-dev).</translation>
    </message>
    <message>
      <source>Install the program again.</source>
      <translation>ثبّت البرنامج من جديد.</translation>
    </message>
    <message>
      <source>Install the program again: python3 dev.py demo</source>
      <translation>ثبّت البرنامج من جديد: python3 dev.py demo</translation>
    </message>
    <message>
      <source>Install them with: pip install 'modamoda-studio[farm]'</source>
      <translation>ثبّتها بـ: pip install 'modamoda-studio[farm]'</translation>
    </message>
    <message>
      <source>Installation of the studio engine</source>
      <translation>تثبيت محرك الاستوديو</translation>
    </message>
    <message>
      <source>Installed for {kind}</source>
      <translation>مثبّت من أجل {kind}</translation>
    </message>
    <message>
      <source>Invisible mannequin</source>
      <translation>مانيكان خفي</translation>
    </message>
    <message>
      <source>Invisible mannequin, inside generated</source>
      <translation>مانيكان خفي بداخل مولَّد</translation>
    </message>
    <message>
      <source>Invisible-mannequin pictures on your own computer, without changing a pixel of the product.</source>
      <translation>صور المانيكان الخفي على حاسوبك، دون تغيير بكسل واحد من المنتج.</translation>
    </message>
    <message>
      <source>Invoice</source>
      <translation>الفاتورة</translation>
    </message>
    <message numerus="yes">
      <source>It changes {n} shots; they are in the queue.</source>
      <translation>
        <numerusform>لا تتغير أي لقطة.</numerusform>
        <numerusform>تتغير به لقطة واحدة، وهي في الطابور.</numerusform>
        <numerusform>تتغير به لقطتان، وهما في الطابور.</numerusform>
        <numerusform>تتغير به {n} لقطات، وهي في الطابور.</numerusform>
        <numerusform>تتغير به {n} لقطة، وهي في الطابور.</numerusform>
        <numerusform>تتغير به {n} لقطة، وهي في الطابور.</numerusform>
      </translation>
    </message>
    <message>
      <source>It comes with torch for CUDA: install that again, or leave compiling off.</source>
      <translation>يأتي مع torch الخاص بـ CUDA: أعد تثبيته، أو اترك التجميع متوقفًا.</translation>
    </message>
    <message>
      <source>It is fetched again by itself.</source>
      <translation>سيُجلب من جديد تلقائيًا.</translation>
    </message>
    <message>
      <source>It may have moved.</source>
      <translation>ربما نُقل.</translation>
    </message>
    <message>
      <source>It may need more memory than the farm's computers have: try a smaller copy.</source>
      <translation>ربما تحتاج ذاكرة أكبر مما في حواسيب المزرعة: جرّب نسخة أصغر.</translation>
    </message>
    <message>
      <source>It may need more memory than there is, or be damaged: try a smaller copy saved by another program.</source>
      <translation>ربما يحتاج ذاكرة أكبر من المتاح أو أنه تالف: جرّب نسخة أصغر محفوظة من برنامج آخر.</translation>
    </message>
    <message>
      <source>It opens the encrypted file that keeps the account's secrets on this computer.</source>
      <translation>تفتح الملف المشفّر الذي يحفظ أسرار الحساب على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>It reads JPEG, PNG, TIFF, WebP, HEIC, AVIF, BMP and camera RAW; export the photograph as one of them.</source>
      <translation>يقرأ JPEG وPNG وTIFF وWebP وHEIC وAVIF وBMP وملفات RAW؛ صدّر الصورة بإحداها.</translation>
    </message>
    <message>
      <source>Its credit comes back then, unless the service finished it before.</source>
      <translation>يعود رصيدها حينئذ، ما لم تكن الخدمة قد أنهتها قبل ذلك.</translation>
    </message>
    <message>
      <source>Job not found</source>
      <translation>المهمة غير موجودة</translation>
    </message>
    <message>
      <source>Keep</source>
      <translation>إبقاء</translation>
    </message>
    <message>
      <source>Keep layers in the file</source>
      <translation>إبقاء الطبقات في الملف</translation>
    </message>
    <message>
      <source>Keep masks and master</source>
      <translation>إبقاء الأقنعة والأصل</translation>
    </message>
    <message>
      <source>Keep pose</source>
      <translation>احفظ الوضعية</translation>
    </message>
    <message>
      <source>Keyboard shortcuts</source>
      <translation>اختصارات لوحة المفاتيح</translation>
    </message>
    <message>
      <source>Keyring</source>
      <translation>حافظة المفاتيح</translation>
    </message>
    <message>
      <source>Keyring locked</source>
      <translation>حافظة المفاتيح مقفلة</translation>
    </message>
    <message>
      <source>Keyring not usable</source>
      <translation>حافظة المفاتيح غير صالحة للاستعمال</translation>
    </message>
    <message>
      <source>Kilobytes a second that syncing results may take of the connection; 0 lets it take what it gets.</source>
      <translation>كيلوبايت في الثانية التي يجوز لمزامنة النتائج أن تأخذها من الاتصال؛ 0 يدعها تأخذ ما تجده.</translation>
    </message>
    <message>
      <source>Known are {}.</source>
      <translation>المعروف: {}.</translation>
    </message>
    <message>
      <source>Lanczos</source>
      <translation>Lanczos</translation>
    </message>
    <message>
      <source>Language</source>
      <translation>اللغة</translation>
    </message>
    <message>
      <source>Lasso</source>
      <translation>حبل</translation>
    </message>
    <message>
      <source>Last day</source>
      <translation>آخر يوم</translation>
    </message>
    <message>
      <source>Last month</source>
      <translation>آخر شهر</translation>
    </message>
    <message>
      <source>Last week</source>
      <translation>آخر أسبوع</translation>
    </message>
    <message>
      <source>Leave compiling off, or work with the program in a Python environment of your own.</source>
      <translation>اترك التجميع متوقفًا، أو استخدم البرنامج في بيئة Python خاصة بك.</translation>
    </message>
    <message>
      <source>Leave mask editing</source>
      <translation>مغادرة تحرير القناع</translation>
    </message>
    <message>
      <source>Leave open</source>
      <translation>تركه مفتوحاً</translation>
    </message>
    <message>
      <source>Leave originals where they are</source>
      <translation>اترك الأصول في مكانها</translation>
    </message>
    <message>
      <source>Leave out</source>
      <translation>حذف</translation>
    </message>
    <message>
      <source>Left ankle</source>
      <translation>الكاحل الأيسر</translation>
    </message>
    <message>
      <source>Left ear</source>
      <translation>الأذن اليسرى</translation>
    </message>
    <message>
      <source>Left elbow</source>
      <translation>المرفق الأيسر</translation>
    </message>
    <message>
      <source>Left eye</source>
      <translation>العين اليسرى</translation>
    </message>
    <message>
      <source>Left hand on hip</source>
      <translation>اليد اليسرى على الخصر</translation>
    </message>
    <message>
      <source>Left hip</source>
      <translation>الورك الأيسر</translation>
    </message>
    <message>
      <source>Left knee</source>
      <translation>الركبة اليسرى</translation>
    </message>
    <message>
      <source>Left out</source>
      <translation>مستبعد</translation>
    </message>
    <message>
      <source>Left shoulder</source>
      <translation>الكتف الأيسر</translation>
    </message>
    <message>
      <source>Left wrist</source>
      <translation>المعصم الأيسر</translation>
    </message>
    <message>
      <source>Legs crossed</source>
      <translation>ساقان متقاطعتان</translation>
    </message>
    <message>
      <source>Let go on</source>
      <translation>استئناف</translation>
    </message>
    <message>
      <source>Lets the service render what waits while this computer has no graphics card, up to the credits agreed to on the account page.</source>
      <translation>تعالج الخدمة ما ينتظر ما دام هذا الحاسوب بلا بطاقة رسوميات، حتى عدد الأرصدة المتفق عليه في صفحة الحساب.</translation>
    </message>
    <message>
      <source>Levelled</source>
      <translation>التسوية</translation>
    </message>
    <message>
      <source>Libraries of the studio engine</source>
      <translation>مكتبات محرك الاستوديو</translation>
    </message>
    <message>
      <source>Licence</source>
      <translation>الترخيص</translation>
    </message>
    <message>
      <source>Licence ended</source>
      <translation>انتهى الترخيص</translation>
    </message>
    <message>
      <source>Licence not accepted</source>
      <translation>الترخيص غير مقبول</translation>
    </message>
    <message>
      <source>Licence not genuine</source>
      <translation>ترخيص غير أصلي</translation>
    </message>
    <message>
      <source>Licence of another computer</source>
      <translation>ترخيص حاسوب آخر</translation>
    </message>
    <message>
      <source>Licences of the parts</source>
      <translation>تراخيص الأجزاء</translation>
    </message>
    <message>
      <source>Licence…</source>
      <translation>الترخيص…</translation>
    </message>
    <message>
      <source>Light</source>
      <translation>فاتح</translation>
    </message>
    <message>
      <source>Light grey</source>
      <translation>رمادي فاتح</translation>
    </message>
    <message>
      <source>Link in a circle</source>
      <translation>رابط دائري</translation>
    </message>
    <message>
      <source>Look again</source>
      <translation>فحص من جديد</translation>
    </message>
    <message>
      <source>Look at it</source>
      <translation>عرضها</translation>
    </message>
    <message>
      <source>Look at it on the page Account: taking it spends the credit, turning it down gives it back. In a terminal: modamoda account render ID --look, --take or --here</source>
      <translation>انظر إليها في صفحة «الحساب»: أخذها ينفق الرصيد ورفضها يعيده. وفي الطرفية: modamoda account render ID --look أو --take أو --here</translation>
    </message>
    <message>
      <source>Look at the failures above.</source>
      <translation>انظر الإخفاقات أعلاه.</translation>
    </message>
    <message>
      <source>Look at the folder again</source>
      <translation>قراءة المجلد من جديد</translation>
    </message>
    <message>
      <source>Look for updates</source>
      <translation>البحث عن تحديثات</translation>
    </message>
    <message>
      <source>Looking at the photographs…</source>
      <translation>قراءة الصور…</translation>
    </message>
    <message>
      <source>Looking at what you clicked…</source>
      <translation>يُفحص ما نقرت عليه…</translation>
    </message>
    <message>
      <source>Looking for the masters…</source>
      <translation>جارٍ البحث عن الأصول الرئيسية…</translation>
    </message>
    <message>
      <source>Man</source>
      <translation>رجل</translation>
    </message>
    <message>
      <source>Mannequin</source>
      <translation>المانيكان</translation>
    </message>
    <message>
      <source>Master not approved</source>
      <translation>النسخة الأصلية غير معتمدة</translation>
    </message>
    <message>
      <source>Master without its report</source>
      <translation>النسخة الأصلية بلا تقريرها</translation>
    </message>
    <message>
      <source>Medium</source>
      <translation>متوسطة</translation>
    </message>
    <message>
      <source>Megapixels at once</source>
      <translation>ميغابكسل معاً</translation>
    </message>
    <message>
      <source>Memory</source>
      <translation>الذاكرة</translation>
    </message>
    <message>
      <source>Metadata</source>
      <translation>البيانات الوصفية</translation>
    </message>
    <message>
      <source>Method</source>
      <translation>الطريقة</translation>
    </message>
    <message>
      <source>Mirror</source>
      <translation>عكس</translation>
    </message>
    <message>
      <source>Model</source>
      <translation>النموذج</translation>
    </message>
    <message>
      <source>Model damaged</source>
      <translation>النموذج تالف</translation>
    </message>
    <message>
      <source>Model missing</source>
      <translation>النموذج مفقود</translation>
    </message>
    <message>
      <source>Model not fetched</source>
      <translation>لم يُنزَّل النموذج</translation>
    </message>
    <message>
      <source>Model not known</source>
      <translation>نموذج غير معروف</translation>
    </message>
    <message>
      <source>Models</source>
      <translation>النماذج</translation>
    </message>
    <message>
      <source>Move it away (your pictures are safe) or put a backup back: {}.backup-*.</source>
      <translation>انقله بعيداً (صورك آمنة) أو أعد نسخة احتياطية: {}.backup-*.</translation>
    </message>
    <message>
      <source>Move originals to done or failed</source>
      <translation>انقل الأصول إلى done أو failed</translation>
    </message>
    <message>
      <source>Move the joint, with Shift in larger steps</source>
      <translation>حرّك المفصل، ومع Shift بخطوات أكبر</translation>
    </message>
    <message>
      <source>My own</source>
      <translation>خلفيتي</translation>
    </message>
    <message>
      <source>NVIDIA card does not answer</source>
      <translation>بطاقة NVIDIA لا تجيب</translation>
    </message>
    <message>
      <source>Name</source>
      <translation>الاسم</translation>
    </message>
    <message>
      <source>Name another folder with MODAMODA_HOME, or move that file away.</source>
      <translation>سمِّ مجلداً آخر في MODAMODA_HOME، أو انقل ذلك الملف من مكانه.</translation>
    </message>
    <message>
      <source>Name in use</source>
      <translation>الاسم مستخدم</translation>
    </message>
    <message>
      <source>Name not understood</source>
      <translation>الاسم غير مفهوم</translation>
    </message>
    <message>
      <source>Name not usable</source>
      <translation>اسم غير صالح</translation>
    </message>
    <message>
      <source>Name of the pose</source>
      <translation>اسم الوضعية</translation>
    </message>
    <message>
      <source>Name of the preset</source>
      <translation>اسم الإعداد</translation>
    </message>
    <message>
      <source>Name taken</source>
      <translation>الاسم مستخدم</translation>
    </message>
    <message>
      <source>Name taken meanwhile</source>
      <translation>أُخذ الاسم في الأثناء</translation>
    </message>
    <message>
      <source>Name the photo with --inside, for example --inside '{stem}_inside.*', or set interior.source to auto.</source>
      <translation>سمِّ الصورة بالخيار ‎--inside‎ أو اجعل مصدر الداخل تلقائياً.</translation>
    </message>
    <message>
      <source>Name the photographs in it.</source>
      <translation>سمِّ الصور التي فيه.</translation>
    </message>
    <message>
      <source>Name too long</source>
      <translation>الاسم طويل جداً</translation>
    </message>
    <message>
      <source>Names of the files</source>
      <translation>أسماء الملفات</translation>
    </message>
    <message>
      <source>Nature</source>
      <translation>طبيعة</translation>
    </message>
    <message>
      <source>Neck</source>
      <translation>الرقبة</translation>
    </message>
    <message>
      <source>Networks not compiled</source>
      <translation>لم تُجمَّع الشبكات</translation>
    </message>
    <message>
      <source>Newer version</source>
      <translation>إصدار أحدث</translation>
    </message>
    <message>
      <source>Next or previous joint of the pose</source>
      <translation>المفصل التالي أو السابق من الوضعية</translation>
    </message>
    <message>
      <source>Next shot</source>
      <translation>اللقطة التالية</translation>
    </message>
    <message>
      <source>No C compiler was found.</source>
      <translation>لم يُعثر على مترجم C.</translation>
    </message>
    <message>
      <source>No C++ compiler was found.</source>
      <translation>لم يُعثر على مترجم C++.</translation>
    </message>
    <message>
      <source>No Redis server answers there ({}).</source>
      <translation>لا يجيب هناك أي خادم Redis ({}).</translation>
    </message>
    <message>
      <source>No account needed</source>
      <translation>لا حاجة إلى حساب</translation>
    </message>
    <message>
      <source>No add-on for this computer</source>
      <translation>لا توجد إضافة لهذا الحاسوب</translation>
    </message>
    <message>
      <source>No answer</source>
      <translation>لا جواب</translation>
    </message>
    <message>
      <source>No contact sheet</source>
      <translation>لا ورقة معاينة</translation>
    </message>
    <message>
      <source>No credit was spent. Do it again on this computer.</source>
      <translation>لم يُنفق أي رصيد. أعد المعالجة على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>No farm known</source>
      <translation>لا مزرعة معروفة</translation>
    </message>
    <message>
      <source>No figure</source>
      <translation>لا شخصية</translation>
    </message>
    <message>
      <source>No figure was made for {}.</source>
      <translation>لم تُصنع شخصية لـ{}.</translation>
    </message>
    <message>
      <source>No folder is watched</source>
      <translation>لا مجلد مراقَب</translation>
    </message>
    <message>
      <source>No folder of models was named.</source>
      <translation>لم يُسمَّ مجلد نماذج.</translation>
    </message>
    <message>
      <source>No garment found</source>
      <translation>لا قطعة ملابس</translation>
    </message>
    <message>
      <source>No graphics card</source>
      <translation>لا بطاقة رسوم</translation>
    </message>
    <message>
      <source>No keyring</source>
      <translation>لا توجد حافظة مفاتيح</translation>
    </message>
    <message>
      <source>No licence</source>
      <translation>لا ترخيص</translation>
    </message>
    <message>
      <source>No licence in force</source>
      <translation>لا ترخيص ساريًا</translation>
    </message>
    <message>
      <source>No mannequin was found in the photo: it was treated as a cut-out, without an inside.</source>
      <translation>لم يُعثر على مانيكان في الصورة: عولجت كقصّ دون داخل.</translation>
    </message>
    <message>
      <source>No masters</source>
      <translation>لا أصول رئيسية</translation>
    </message>
    <message>
      <source>No model for poses</source>
      <translation>لا نموذج للوضعيات</translation>
    </message>
    <message>
      <source>No model is called {}.</source>
      <translation>لا نموذج باسم {}.</translation>
    </message>
    <message>
      <source>No other shot changes by it. Paint some of the mannequin first, in the colour “Mannequin”.</source>
      <translation>لا تتغير به أي لقطة أخرى. لوّن أولاً جزءاً من المانيكان باختيار «المانيكان».</translation>
    </message>
    <message>
      <source>No photo of the empty set or of the bare mannequin</source>
      <translation>لا صورة للخلفية فارغة ولا للمانيكان عارياً</translation>
    </message>
    <message>
      <source>No photo of the inside</source>
      <translation>لا صورة للداخل</translation>
    </message>
    <message>
      <source>No photographs</source>
      <translation>لا صور</translation>
    </message>
    <message>
      <source>No picture came out</source>
      <translation>لم تخرج صورة</translation>
    </message>
    <message>
      <source>No pose</source>
      <translation>لا وضعية</translation>
    </message>
    <message>
      <source>No pose found</source>
      <translation>لم تُعرف وضعية</translation>
    </message>
    <message>
      <source>No result chosen</source>
      <translation>لم تُختر نتيجة</translation>
    </message>
    <message>
      <source>No result yet</source>
      <translation>لا نتيجة بعد</translation>
    </message>
    <message>
      <source>No results found</source>
      <translation>لا نتائج</translation>
    </message>
    <message>
      <source>No rule</source>
      <translation>بلا قاعدة</translation>
    </message>
    <message>
      <source>No seat free</source>
      <translation>لا مقعد شاغرًا</translation>
    </message>
    <message>
      <source>No setting is called that.</source>
      <translation>لا إعداد بهذا الاسم.</translation>
    </message>
    <message>
      <source>No shot chosen</source>
      <translation>لم تُختَر لقطة</translation>
    </message>
    <message>
      <source>No shot of this folder passes the filter and the search.</source>
      <translation>لا لقطة في هذا المجلد توافق التصفية والبحث.</translation>
    </message>
    <message>
      <source>No shots here</source>
      <translation>لا لقطات هنا</translation>
    </message>
    <message>
      <source>No such package</source>
      <translation>لا توجد هذه الباقة</translation>
    </message>
    <message>
      <source>Nobody approved the sign-in in the browser in time.</source>
      <translation>لم يوافق أحد على تسجيل الدخول في المتصفح في الوقت المناسب.</translation>
    </message>
    <message>
      <source>None</source>
      <translation>بلا</translation>
    </message>
    <message>
      <source>None downloaded</source>
      <translation>لم يُنزَّل شيء</translation>
    </message>
    <message>
      <source>None of these results is finished and approved yet.</source>
      <translation>لا نتيجة من هذه أُنجزت واعتُمدت بعد.</translation>
    </message>
    <message>
      <source>None yet</source>
      <translation>لا شيء بعد</translation>
    </message>
    <message>
      <source>Nose</source>
      <translation>الأنف</translation>
    </message>
    <message>
      <source>Not a folder</source>
      <translation>ليس مجلداً</translation>
    </message>
    <message>
      <source>Not a photograph</source>
      <translation>ليست صورة</translation>
    </message>
    <message>
      <source>Not a picture</source>
      <translation>ليس صورة</translation>
    </message>
    <message>
      <source>Not at the service</source>
      <translation>ليست لدى الخدمة</translation>
    </message>
    <message>
      <source>Not complete</source>
      <translation>غير مكتمل</translation>
    </message>
    <message>
      <source>Not enough credits</source>
      <translation>الأرصدة لا تكفي</translation>
    </message>
    <message>
      <source>Not enough memory</source>
      <translation>الذاكرة لا تكفي</translation>
    </message>
    <message>
      <source>Not found</source>
      <translation>غير موجود</translation>
    </message>
    <message>
      <source>Not in this licence</source>
      <translation>ليس في هذا الترخيص</translation>
    </message>
    <message>
      <source>Not made for this computer. The starter engine works here.</source>
      <translation>غير متوفرة لهذا الحاسوب. محرك البداية يعمل هنا.</translation>
    </message>
    <message>
      <source>Not processed</source>
      <translation>لم تُعالَج</translation>
    </message>
    <message>
      <source>Not reachable</source>
      <translation>تعذّر الوصول إليه</translation>
    </message>
    <message>
      <source>Not rendered yet</source>
      <translation>لم تُعالَج بعد</translation>
    </message>
    <message>
      <source>Not sent</source>
      <translation>لم تُرسل</translation>
    </message>
    <message>
      <source>Not signed in</source>
      <translation>لم يُسجَّل الدخول</translation>
    </message>
    <message>
      <source>Not taken back</source>
      <translation>تعذّر التراجع</translation>
    </message>
    <message>
      <source>Not the same</source>
      <translation>غير متطابقتين</translation>
    </message>
    <message>
      <source>Not watched</source>
      <translation>غير مراقَب</translation>
    </message>
    <message>
      <source>Nothing has arrived yet.</source>
      <translation>لم يصل شيء بعد.</translation>
    </message>
    <message>
      <source>Nothing in the queue</source>
      <translation>لا شيء في الطابور</translation>
    </message>
    <message>
      <source>Nothing is fetched.</source>
      <translation>لا يُجلب شيء.</translation>
    </message>
    <message>
      <source>Nothing is rendered by the service at the moment.</source>
      <translation>لا تعالج الخدمة شيئًا الآن.</translation>
    </message>
    <message>
      <source>Nothing to export</source>
      <translation>لا شيء للتصدير</translation>
    </message>
    <message>
      <source>Nothing to open</source>
      <translation>لا شيء لفتحه</translation>
    </message>
    <message>
      <source>Nothing to review</source>
      <translation>لا شيء للمراجعة</translation>
    </message>
    <message>
      <source>Nothing to start</source>
      <translation>لا شيء للبدء</translation>
    </message>
    <message>
      <source>Nothing was made of this shot yet. Press Start; what was measured on the result stands here.</source>
      <translation>لم يُصنع شيء من هذه اللقطة بعد. اضغط «ابدأ»، وستظهر هنا قياسات النتيجة.</translation>
    </message>
    <message>
      <source>Nothing was made up</source>
      <translation>لم يُختلق شيء</translation>
    </message>
    <message>
      <source>Notification</source>
      <translation>التنبيه</translation>
    </message>
    <message>
      <source>Of the finished picture; one alone makes a square</source>
      <translation>للصورة النهائية؛ القيمة الواحدة وحدها تعطي مربعًا</translation>
    </message>
    <message>
      <source>Of the window; numbers and dates follow it.</source>
      <translation>لغة النافذة، وتتبعها الأرقام والتواريخ.</translation>
    </message>
    <message numerus="yes">
      <source>Of {n} results no master was kept, from which files for channels are made.</source>
      <translation>
        <numerusform>لا نتائج بلا أصل رئيسي.</numerusform>
        <numerusform>لم يُحتفظ بالأصل الرئيسي لنتيجة واحدة، ومنه تُصنع ملفات القنوات.</numerusform>
        <numerusform>لم يُحتفظ بالأصل الرئيسي لنتيجتين، ومنه تُصنع ملفات القنوات.</numerusform>
        <numerusform>لم يُحتفظ بالأصل الرئيسي لـ{n} نتائج، ومنه تُصنع ملفات القنوات.</numerusform>
        <numerusform>لم يُحتفظ بالأصل الرئيسي لـ{n} نتيجة، ومنه تُصنع ملفات القنوات.</numerusform>
        <numerusform>لم يُحتفظ بالأصل الرئيسي لـ{n} نتيجة، ومنه تُصنع ملفات القنوات.</numerusform>
      </translation>
    </message>
    <message>
      <source>Off until its licence is accepted</source>
      <translation>معطّل حتى قبول ترخيصه</translation>
    </message>
    <message>
      <source>Offline</source>
      <translation>دون اتصال</translation>
    </message>
    <message>
      <source>On hold</source>
      <translation>معلّق</translation>
    </message>
    <message>
      <source>On the farm</source>
      <translation>على المزرعة</translation>
    </message>
    <message>
      <source>One core works, slowly: two photos are then never worked on side by side.</source>
      <translation>نواة واحدة تعمل ببطء: لا تُعالج صورتان معاً.</translation>
    </message>
    <message>
      <source>One light of the backdrop</source>
      <translation>إضاءة خلفية واحدة</translation>
    </message>
    <message>
      <source>One photo pixel to one screen pixel</source>
      <translation>بكسل الصورة لبكسل الشاشة</translation>
    </message>
    <message>
      <source>One watched folder</source>
      <translation>مجلد مراقَب واحد</translation>
    </message>
    <message>
      <source>One watched folder, for everybody.</source>
      <translation>مجلد مراقَب واحد، للجميع.</translation>
    </message>
    <message>
      <source>Only an account needs one; everything local works without.</source>
      <translation>لا يحتاجها إلا الحساب؛ كل ما هو محلي يعمل دونها.</translation>
    </message>
    <message>
      <source>Only on this computer</source>
      <translation>على هذا الحاسوب فقط</translation>
    </message>
    <message>
      <source>Only the window needs it; the command line works without.</source>
      <translation>لا تحتاجه إلا النافذة؛ سطر الأوامر يعمل دونه.</translation>
    </message>
    <message>
      <source>Open</source>
      <translation>فتح</translation>
    </message>
    <message>
      <source>Open a folder of photographs first.</source>
      <translation>افتح مجلد صور أولاً.</translation>
    </message>
    <message>
      <source>Open a shoot</source>
      <translation>افتح جلسة تصوير</translation>
    </message>
    <message>
      <source>Open folder…</source>
      <translation>فتح مجلد…</translation>
    </message>
    <message>
      <source>Open it in the program that wrote it.</source>
      <translation>افتحه في البرنامج الذي كتبه.</translation>
    </message>
    <message>
      <source>Open the browser again</source>
      <translation>فتح المتصفح من جديد</translation>
    </message>
    <message>
      <source>Open the payment page</source>
      <translation>فتح صفحة الدفع</translation>
    </message>
    <message>
      <source>Open the sample shoot</source>
      <translation>فتح جلسة المثال</translation>
    </message>
    <message>
      <source>Open what was copied</source>
      <translation>فتح ما نُسِخ</translation>
    </message>
    <message>
      <source>Opening the browser…</source>
      <translation>جارٍ فتح المتصفح…</translation>
    </message>
    <message>
      <source>Order and time</source>
      <translation>الترتيب والوقت</translation>
    </message>
    <message>
      <source>Originals put back</source>
      <translation>أُعيدت الأصول</translation>
    </message>
    <message>
      <source>Output</source>
      <translation>المخرجات</translation>
    </message>
    <message>
      <source>Pages of the guide</source>
      <translation>صفحات الدليل</translation>
    </message>
    <message>
      <source>Paint as</source>
      <translation>التلوين كـ</translation>
    </message>
    <message>
      <source>Paint over what is wrong</source>
      <translation>لوّن فوق الخطأ</translation>
    </message>
    <message>
      <source>Paint the opposite</source>
      <translation>تلوين العكس</translation>
    </message>
    <message>
      <source>Passphrase of the account</source>
      <translation>عبارة مرور الحساب</translation>
    </message>
    <message>
      <source>Passphrase too short</source>
      <translation>عبارة المرور قصيرة جدًا</translation>
    </message>
    <message>
      <source>Pause</source>
      <translation>إيقاف مؤقت</translation>
    </message>
    <message>
      <source>Pause the queue</source>
      <translation>إيقاف الطابور مؤقتاً</translation>
    </message>
    <message>
      <source>Paused</source>
      <translation>متوقف مؤقتاً</translation>
    </message>
    <message numerus="yes">
      <source>Paused; {n} photos wait.</source>
      <translation>
        <numerusform>متوقف مؤقتاً؛ لا صور تنتظر.</numerusform>
        <numerusform>متوقف مؤقتاً؛ تنتظر صورة واحدة.</numerusform>
        <numerusform>متوقف مؤقتاً؛ تنتظر صورتان.</numerusform>
        <numerusform>متوقف مؤقتاً؛ تنتظر {n} صور.</numerusform>
        <numerusform>متوقف مؤقتاً؛ تنتظر {n} صورة.</numerusform>
        <numerusform>متوقف مؤقتاً؛ تنتظر {n} صورة.</numerusform>
      </translation>
    </message>
    <message>
      <source>Payment refused</source>
      <translation>رُفض الدفع</translation>
    </message>
    <message>
      <source>Payments and credits spent</source>
      <translation>المدفوعات والأرصدة المنفقة</translation>
    </message>
    <message>
      <source>Period</source>
      <translation>الفترة</translation>
    </message>
    <message>
      <source>Person</source>
      <translation>الشخص</translation>
    </message>
    <message>
      <source>Photo</source>
      <translation>الصورة</translation>
    </message>
    <message>
      <source>Photo arrived damaged</source>
      <translation>وصلت الصورة تالفة</translation>
    </message>
    <message>
      <source>Photo changed</source>
      <translation>تغيّرت الصورة</translation>
    </message>
    <message>
      <source>Photo gone</source>
      <translation>اختفت الصورة</translation>
    </message>
    <message>
      <source>Photo of the bare mannequin</source>
      <translation>صورة المانيكان عارياً</translation>
    </message>
    <message>
      <source>Photo of the empty set</source>
      <translation>صورة الخلفية فارغة</translation>
    </message>
    <message>
      <source>Photo of the set gone</source>
      <translation>صورة الخلفية مفقودة</translation>
    </message>
    <message>
      <source>Photo too small</source>
      <translation>الصورة صغيرة جداً</translation>
    </message>
    <message>
      <source>Photo too thin</source>
      <translation>الصورة ضيقة جداً</translation>
    </message>
    <message>
      <source>Photograph</source>
      <translation>الصورة</translation>
    </message>
    <message>
      <source>Photograph changed</source>
      <translation>تغيّرت الصورة</translation>
    </message>
    <message>
      <source>Photograph missing</source>
      <translation>الصورة مفقودة</translation>
    </message>
    <message>
      <source>Photograph not readable</source>
      <translation>لا يمكن قراءة الصورة</translation>
    </message>
    <message>
      <source>Photos are on the farm</source>
      <translation>توجد صور على المزرعة</translation>
    </message>
    <message>
      <source>Photos at once</source>
      <translation>صور معاً</translation>
    </message>
    <message>
      <source>Photos beyond so many waiting ones are rendered by the service, up to the credits agreed to on the account page; 0 means however many wait.</source>
      <translation>الصور التي تتجاوز هذا العدد من المنتظرة تعالجها الخدمة، حتى عدد الأرصدة المتفق عليه في صفحة الحساب؛ 0 يعني مهما كان عدد المنتظرة.</translation>
    </message>
    <message>
      <source>Photos beyond so many waiting ones are sent to the studio's render farm by themselves; 0 sends none.</source>
      <translation>تُرسل الصور التي تتجاوز هذا العدد المنتظر إلى مزرعة حواسيب الاستوديو تلقائيًا؛ و0 لا يرسل شيئًا.</translation>
    </message>
    <message>
      <source>Photos of a person and OpenPose points ({patterns})</source>
      <translation>صور شخص ونقاط OpenPose ({patterns})</translation>
    </message>
    <message>
      <source>Photos that belong together</source>
      <translation>الصور التي تنتمي معاً</translation>
    </message>
    <message>
      <source>Photos that belong together…</source>
      <translation>الصور التي تنتمي معاً…</translation>
    </message>
    <message>
      <source>Photos that together have more megapixels than this wait for one another, which bounds the memory used.</source>
      <translation>الصور التي يزيد مجموعها على هذا ينتظر بعضها بعضاً، فيُحدّ استهلاك الذاكرة.</translation>
    </message>
    <message>
      <source>Photos wait: {}</source>
      <translation>الصور تنتظر: {}</translation>
    </message>
    <message>
      <source>Picture</source>
      <translation>الصورة</translation>
    </message>
    <message>
      <source>Picture not shown</source>
      <translation>تعذّر عرض الصورة</translation>
    </message>
    <message>
      <source>Picture too large</source>
      <translation>الصورة كبيرة جداً</translation>
    </message>
    <message>
      <source>Picture too large for its type</source>
      <translation>الصورة أكبر مما يسمح نوعها</translation>
    </message>
    <message>
      <source>Picture…</source>
      <translation>صورة…</translation>
    </message>
    <message>
      <source>Plan {plan}</source>
      <translation>الخطة {plan}</translation>
    </message>
    <message>
      <source>Plan {plan}, in its days of grace: connect to the internet to renew it.</source>
      <translation>الخطة {plan} في أيام السماح: اتصل بالإنترنت لتجديدها.</translation>
    </message>
    <message>
      <source>Please report it with the file {path}.</source>
      <translation>نرجو الإبلاغ عنه مع الملف {path}.</translation>
    </message>
    <message>
      <source>Please report it with the file {}.</source>
      <translation>نرجو الإبلاغ عنه مع الملف {}.</translation>
    </message>
    <message>
      <source>Point the link at the photograph.</source>
      <translation>وجّه الرابط إلى الصورة.</translation>
    </message>
    <message>
      <source>Polygon</source>
      <translation>مضلع</translation>
    </message>
    <message>
      <source>Portrait</source>
      <translation>طولي</translation>
    </message>
    <message>
      <source>Pose</source>
      <translation>الوضعية</translation>
    </message>
    <message>
      <source>Pose not found</source>
      <translation>الوضعية غير موجودة</translation>
    </message>
    <message>
      <source>Pose not understood</source>
      <translation>الوضعية غير مفهومة</translation>
    </message>
    <message>
      <source>Pose presets</source>
      <translation>وضعيات جاهزة</translation>
    </message>
    <message>
      <source>Preset</source>
      <translation>الإعداد</translation>
    </message>
    <message>
      <source>Preset actions</source>
      <translation>إجراءات الإعداد</translation>
    </message>
    <message>
      <source>Preset deleted</source>
      <translation>حُذف الإعداد</translation>
    </message>
    <message>
      <source>Preset replaced</source>
      <translation>استُبدل الإعداد</translation>
    </message>
    <message>
      <source>Presets</source>
      <translation>الجاهزة</translation>
    </message>
    <message>
      <source>Presets: {}. Or name a file with OpenPose's 18 points, or a photo of a person.</source>
      <translation>الجاهزة: {}. أو سمِّ ملفاً بنقاط OpenPose الثماني عشرة، أو صورة شخص.</translation>
    </message>
    <message>
      <source>Press Start: each photo shows its stage and progress here.</source>
      <translation>اضغط «ابدأ»: تظهر هنا مرحلة كل صورة وتقدّمها.</translation>
    </message>
    <message>
      <source>Press “Look again” on the account page.</source>
      <translation>اضغط «فحص من جديد» في صفحة الحساب.</translation>
    </message>
    <message>
      <source>Press “Take back from the farm” in the window's queue, or end that command first.</source>
      <translation>اضغط «استرجع من المزرعة» في طابور النافذة، أو أنهِ ذلك الأمر أولًا.</translation>
    </message>
    <message>
      <source>Previous shot</source>
      <translation>اللقطة السابقة</translation>
    </message>
    <message>
      <source>Process again</source>
      <translation>معالجة من جديد</translation>
    </message>
    <message>
      <source>Process it again to work on the photo as it is now.</source>
      <translation>عالجها من جديد للعمل على الصورة كما هي الآن.</translation>
    </message>
    <message>
      <source>Process it again: the result takes a new name.</source>
      <translation>عالجها من جديد: تأخذ النتيجة اسماً جديداً.</translation>
    </message>
    <message>
      <source>Process the photo again if the account should have it.</source>
      <translation>عالج الصورة من جديد إن أردت أن تكون في الحساب.</translation>
    </message>
    <message>
      <source>Process the photo again with --layers.</source>
      <translation>عالج الصورة مجددًا مع --layers.</translation>
    </message>
    <message>
      <source>Process the selected shots, or all of them</source>
      <translation>معالجة اللقطات المحددة أو كلها</translation>
    </message>
    <message numerus="yes">
      <source>Process {n} again, keeping the masters</source>
      <translation>
        <numerusform>لا شيء يُعالج من جديد</numerusform>
        <numerusform>عالج واحدة من جديد مع إبقاء أصلها الرئيسي</numerusform>
        <numerusform>عالج اثنتين من جديد مع إبقاء أصليهما الرئيسيين</numerusform>
        <numerusform>عالج {n} من جديد مع إبقاء الأصول الرئيسية</numerusform>
        <numerusform>عالج {n} من جديد مع إبقاء الأصول الرئيسية</numerusform>
        <numerusform>عالج {n} من جديد مع إبقاء الأصول الرئيسية</numerusform>
      </translation>
    </message>
    <message>
      <source>Processor</source>
      <translation>المعالج</translation>
    </message>
    <message>
      <source>Program</source>
      <translation>البرنامج</translation>
    </message>
    <message>
      <source>Program too old</source>
      <translation>البرنامج قديم جدًا</translation>
    </message>
    <message>
      <source>Progress of the export</source>
      <translation>تقدم التصدير</translation>
    </message>
    <message>
      <source>Progress of the queue</source>
      <translation>تقدّم الطابور</translation>
    </message>
    <message>
      <source>Proxy does not let through</source>
      <translation>الوكيل لا يسمح بالمرور</translation>
    </message>
    <message>
      <source>Put it back, or open its folder again.</source>
      <translation>أعدها إلى مكانها أو افتح مجلدها من جديد.</translation>
    </message>
    <message>
      <source>Put it back, or work without it.</source>
      <translation>أعدها، أو اعمل بدونها.</translation>
    </message>
    <message>
      <source>Put it back, then do it again.</source>
      <translation>أعدها إلى مكانها ثم كرّر العمل.</translation>
    </message>
    <message>
      <source>Put it back, then try again.</source>
      <translation>أعدها إلى مكانها ثم حاول من جديد.</translation>
    </message>
    <message>
      <source>Put originals back</source>
      <translation>أعِد الأصول</translation>
    </message>
    <message>
      <source>PyTorch for {kind}, {size} and more: into a folder of its own.</source>
      <translation>PyTorch من أجل {kind}، {size} وأكثر: في مجلد خاص به.</translation>
    </message>
    <message>
      <source>Python's headers (Python.h) are missing.</source>
      <translation>ملفات ترويسات Python ‏(Python.h) مفقودة.</translation>
    </message>
    <message>
      <source>Qt</source>
      <translation>Qt</translation>
    </message>
    <message>
      <source>Quality</source>
      <translation>الجودة</translation>
    </message>
    <message>
      <source>Queue</source>
      <translation>الطابور</translation>
    </message>
    <message>
      <source>Quit</source>
      <translation>إنهاء</translation>
    </message>
    <message>
      <source>Read {}, accept it under Models, or with: modamoda models licences --accept {}</source>
      <translation>اقرأ {} واقبله من صفحة النماذج، أو بالأمر: modamoda models licences --accept {}</translation>
    </message>
    <message>
      <source>Reading the photo</source>
      <translation>قراءة الصورة</translation>
    </message>
    <message>
      <source>Ready, {size}</source>
      <translation>جاهز، {size}</translation>
    </message>
    <message>
      <source>Real-ESRGAN</source>
      <translation>Real-ESRGAN</translation>
    </message>
    <message>
      <source>Recent shoots</source>
      <translation>جلسات حديثة</translation>
    </message>
    <message>
      <source>Recipe</source>
      <translation>الوصفة</translation>
    </message>
    <message>
      <source>Recipe not found</source>
      <translation>الوصفة غير موجودة</translation>
    </message>
    <message>
      <source>Recipe not understood</source>
      <translation>الوصفة غير مفهومة</translation>
    </message>
    <message>
      <source>Recipes (*.json)</source>
      <translation>وصفات ‏(*.json)</translation>
    </message>
    <message>
      <source>Redo</source>
      <translation>إعادة</translation>
    </message>
    <message>
      <source>Refining the figure</source>
      <translation>تحسين الشخصية</translation>
    </message>
    <message>
      <source>Reject</source>
      <translation>رفض</translation>
    </message>
    <message>
      <source>Reject it, then process the photo again.</source>
      <translation>ارفضها ثم عالج الصورة من جديد.</translation>
    </message>
    <message numerus="yes">
      <source>Reject {n} results</source>
      <translation>
        <numerusform>لا نتائج للرفض</numerusform>
        <numerusform>رفض نتيجة واحدة</numerusform>
        <numerusform>رفض نتيجتين</numerusform>
        <numerusform>رفض {n} نتائج</numerusform>
        <numerusform>رفض {n} نتيجة</numerusform>
        <numerusform>رفض {n} نتيجة</numerusform>
      </translation>
    </message>
    <message>
      <source>Rejected</source>
      <translation>مرفوضة</translation>
    </message>
    <message>
      <source>Remove</source>
      <translation>إزالة</translation>
    </message>
    <message>
      <source>Remove it and install it again.</source>
      <translation>أزله ثم ثبّته من جديد.</translation>
    </message>
    <message>
      <source>Render here</source>
      <translation>معالجة هنا</translation>
    </message>
    <message>
      <source>Render in the cloud</source>
      <translation>المعالجة في السحابة</translation>
    </message>
    <message>
      <source>Render in the cloud…</source>
      <translation>معالجة في السحابة…</translation>
    </message>
    <message>
      <source>Rendered by the account's service</source>
      <translation>عالجتها خدمة الحساب</translation>
    </message>
    <message>
      <source>Rendered in the cloud</source>
      <translation>معالجة في السحابة</translation>
    </message>
    <message>
      <source>Rendered on the farm</source>
      <translation>عولجت على المزرعة</translation>
    </message>
    <message>
      <source>Rendered on this computer</source>
      <translation>تُعالَج على هذا الحاسوب</translation>
    </message>
    <message>
      <source>Rendering on a farm needs libraries that are not installed here.</source>
      <translation>تحتاج المعالجة على المزرعة إلى مكتبات غير مثبتة هنا.</translation>
    </message>
    <message>
      <source>Rendering took too long</source>
      <translation>طالت المعالجة أكثر من اللازم</translation>
    </message>
    <message>
      <source>Renew</source>
      <translation>تجديد</translation>
    </message>
    <message>
      <source>Reset</source>
      <translation>استعادة</translation>
    </message>
    <message>
      <source>Restoring the garment</source>
      <translation>استعادة القطعة</translation>
    </message>
    <message>
      <source>Result</source>
      <translation>النتيجة</translation>
    </message>
    <message>
      <source>Result arrived damaged</source>
      <translation>وصلت النتيجة تالفة</translation>
    </message>
    <message>
      <source>Result changed</source>
      <translation>تغيّرت النتيجة</translation>
    </message>
    <message>
      <source>Result gone</source>
      <translation>اختفت النتيجة</translation>
    </message>
    <message>
      <source>Result not readable</source>
      <translation>لا يمكن قراءة النتيجة</translation>
    </message>
    <message>
      <source>Result not sent</source>
      <translation>لم تُرسل النتيجة</translation>
    </message>
    <message>
      <source>Result not written</source>
      <translation>لم تُكتب النتيجة</translation>
    </message>
    <message>
      <source>Results</source>
      <translation>النتائج</translation>
    </message>
    <message>
      <source>Results go to</source>
      <translation>مكان النتائج</translation>
    </message>
    <message>
      <source>Results of other computers are fetched into a folder.</source>
      <translation>نتائج الحواسيب الأخرى تُجلب إلى مجلد.</translation>
    </message>
    <message>
      <source>Results of this shoot stay on this computer.</source>
      <translation>نتائج هذه الجلسة تبقى على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>Results on several computers</source>
      <translation>النتائج على عدة حواسيب</translation>
    </message>
    <message>
      <source>Results that the program is not sure of wait here until you have looked at them. None waits now.</source>
      <translation>النتائج التي لا يثق بها البرنامج تنتظر هنا حتى تراها. لا شيء ينتظر الآن.</translation>
    </message>
    <message>
      <source>Results that the program trusts less than this wait for you under Review</source>
      <translation>النتائج التي تقل ثقة البرنامج بها عن هذا تنتظرك في المراجعة</translation>
    </message>
    <message>
      <source>Results to review</source>
      <translation>نتائج للمراجعة</translation>
    </message>
    <message>
      <source>Results to…</source>
      <translation>النتائج إلى…</translation>
    </message>
    <message>
      <source>Results: {folder}</source>
      <translation>النتائج: {folder}</translation>
    </message>
    <message>
      <source>Review</source>
      <translation>المراجعة</translation>
    </message>
    <message>
      <source>Review below</source>
      <translation>للمراجعة دون</translation>
    </message>
    <message>
      <source>Right ankle</source>
      <translation>الكاحل الأيمن</translation>
    </message>
    <message>
      <source>Right ear</source>
      <translation>الأذن اليمنى</translation>
    </message>
    <message>
      <source>Right elbow</source>
      <translation>المرفق الأيمن</translation>
    </message>
    <message>
      <source>Right eye</source>
      <translation>العين اليمنى</translation>
    </message>
    <message>
      <source>Right hand on hip</source>
      <translation>اليد اليمنى على الخصر</translation>
    </message>
    <message>
      <source>Right hip</source>
      <translation>الورك الأيمن</translation>
    </message>
    <message>
      <source>Right knee</source>
      <translation>الركبة اليمنى</translation>
    </message>
    <message>
      <source>Right shoulder</source>
      <translation>الكتف الأيمن</translation>
    </message>
    <message>
      <source>Right wrist</source>
      <translation>المعصم الأيمن</translation>
    </message>
    <message>
      <source>Run modamoda farm set-up with redis://:PASSWORD@COMPUTER:6379/0, or put that into MODAMODA_FARM_BROKER.</source>
      <translation>شغّل modamoda farm set-up مع redis://:PASSWORD@COMPUTER:6379/0، أو ضع هذا العنوان في MODAMODA_FARM_BROKER.</translation>
    </message>
    <message>
      <source>Run on that computer: modamoda farm set-up, with the folder that all share.</source>
      <translation>شغّل على ذلك الحاسوب: modamoda farm set-up، مع المجلد الذي يشترك فيه الجميع.</translation>
    </message>
    <message>
      <source>Run once: modamoda farm set-up --broker redis://COMPUTER:6379/0 --storage DIR</source>
      <translation>شغّل مرة واحدة: modamoda farm set-up --broker redis://COMPUTER:6379/0 --storage DIR</translation>
    </message>
    <message>
      <source>Run the whole recipe.</source>
      <translation>نفّذ الوصفة كاملة.</translation>
    </message>
    <message>
      <source>Run: modamoda doctor</source>
      <translation>شغّل: modamoda doctor</translation>
    </message>
    <message>
      <source>Sales channels</source>
      <translation>قنوات البيع</translation>
    </message>
    <message>
      <source>Save and process</source>
      <translation>حفظ ومعالجة</translation>
    </message>
    <message>
      <source>Save as preset</source>
      <translation>حفظ كإعداد</translation>
    </message>
    <message>
      <source>Save as preset…</source>
      <translation>حفظ كإعداد…</translation>
    </message>
    <message>
      <source>Save it as UTF-8.</source>
      <translation>احفظه بترميز UTF-8.</translation>
    </message>
    <message>
      <source>Say how it was made</source>
      <translation>ذكر طريقة الصنع</translation>
    </message>
    <message>
      <source>Scale it down first, or check whether the file is what it says.</source>
      <translation>صغّرها أولاً أو تأكد أن الملف كما يقول.</translation>
    </message>
    <message>
      <source>Search</source>
      <translation>بحث</translation>
    </message>
    <message>
      <source>Search by file name or recipe</source>
      <translation>البحث باسم الملف أو الوصفة</translation>
    </message>
    <message>
      <source>Search by name</source>
      <translation>البحث بالاسم</translation>
    </message>
    <message>
      <source>Search shots by name</source>
      <translation>البحث عن لقطات بالاسم</translation>
    </message>
    <message>
      <source>Search the settings</source>
      <translation>البحث في الإعدادات</translation>
    </message>
    <message>
      <source>See `modamoda history` or `modamoda review list`.</source>
      <translation>انظر السجل أو المراجعة.</translation>
    </message>
    <message>
      <source>See `modamoda watch --list`.</source>
      <translation>انظر `modamoda watch --list`.</translation>
    </message>
    <message>
      <source>See: modamoda farm status</source>
      <translation>انظر: modamoda farm status</translation>
    </message>
    <message>
      <source>Select shots that are finished first.</source>
      <translation>حدّد أولاً لقطات منجزة.</translation>
    </message>
    <message>
      <source>Send to the farm</source>
      <translation>أرسل إلى المزرعة</translation>
    </message>
    <message>
      <source>Sending, fetching and cloud rendering go on.</source>
      <translation>يستمر الإرسال والجلب والمعالجة السحابية.</translation>
    </message>
    <message>
      <source>Sent elsewhere</source>
      <translation>أُحيل إلى مكان آخر</translation>
    </message>
    <message>
      <source>Sent to the farm</source>
      <translation>أُرسلت إلى المزرعة</translation>
    </message>
    <message>
      <source>Set interior.source to auto in the recipe, or install the studio engine.</source>
      <translation>اجعل مصدر الداخل تلقائياً في الوصفة أو ثبّت محرك الاستوديو.</translation>
    </message>
    <message>
      <source>Set the clock right, or connect to the internet and renew the licence.</source>
      <translation>اضبط الساعة، أو اتصل بالإنترنت وجدّد الترخيص.</translation>
    </message>
    <message>
      <source>Set the farm up with the address without its password, and give the whole address in MODAMODA_FARM_BROKER at each start.</source>
      <translation>أعدّ المزرعة بالعنوان دون كلمة مروره، وأعط العنوان كاملًا في MODAMODA_FARM_BROKER عند كل بدء.</translation>
    </message>
    <message>
      <source>Setting</source>
      <translation>المكان</translation>
    </message>
    <message>
      <source>Settings</source>
      <translation>الإعدادات</translation>
    </message>
    <message>
      <source>Settings…</source>
      <translation>الإعدادات…</translation>
    </message>
    <message>
      <source>Shadow</source>
      <translation>الظل</translation>
    </message>
    <message>
      <source>Shoot</source>
      <translation>الجلسة</translation>
    </message>
    <message>
      <source>Shorten the file's name or the naming rule.</source>
      <translation>اختصر اسم الملف أو قاعدة التسمية.</translation>
    </message>
    <message>
      <source>Shots</source>
      <translation>اللقطات</translation>
    </message>
    <message>
      <source>Show</source>
      <translation>عرض</translation>
    </message>
    <message>
      <source>Show in folder</source>
      <translation>إظهار في المجلد</translation>
    </message>
    <message>
      <source>Show in its shoot</source>
      <translation>إظهار في جلستها</translation>
    </message>
    <message>
      <source>Show the body</source>
      <translation>إظهار الجسم</translation>
    </message>
    <message>
      <source>Show the folders</source>
      <translation>إظهار المجلدات</translation>
    </message>
    <message>
      <source>Show the garment in blue</source>
      <translation>إظهار القطعة بالأزرق</translation>
    </message>
    <message>
      <source>Show the inside in violet</source>
      <translation>إظهار الداخل بالبنفسجي</translation>
    </message>
    <message>
      <source>Show the mannequin in red</source>
      <translation>إظهار المانيكان بالأحمر</translation>
    </message>
    <message>
      <source>Show the queue</source>
      <translation>إظهار الطابور</translation>
    </message>
    <message>
      <source>Show where the program is in doubt, in yellow</source>
      <translation>إظهار مواضع الشك بالأصفر</translation>
    </message>
    <message>
      <source>Shown by the system when the window is not in front.</source>
      <translation>يعرضه النظام عندما لا تكون النافذة في المقدمة.</translation>
    </message>
    <message>
      <source>Sign in</source>
      <translation>تسجيل الدخول</translation>
    </message>
    <message>
      <source>Sign in again.</source>
      <translation>سجّل الدخول من جديد.</translation>
    </message>
    <message>
      <source>Sign in again. Nothing on this computer is lost.</source>
      <translation>سجّل الدخول من جديد. لم يضِع شيء على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>Sign in first.</source>
      <translation>سجّل الدخول أولًا.</translation>
    </message>
    <message>
      <source>Sign in to Windows again, then try again.</source>
      <translation>سجّل الدخول إلى Windows من جديد ثم أعد المحاولة.</translation>
    </message>
    <message>
      <source>Sign in to an account whose plan holds it.</source>
      <translation>سجّل الدخول إلى حساب تشملها خطته.</translation>
    </message>
    <message>
      <source>Sign in with a passphrase…</source>
      <translation>تسجيل الدخول بعبارة مرور…</translation>
    </message>
    <message>
      <source>Sign in with an account whose plan has the farm: under Account, or modamoda account sign-in</source>
      <translation>سجّل الدخول بحساب تشمل خطته المزرعة: من صفحة الحساب، أو بالأمر modamoda account sign-in</translation>
    </message>
    <message>
      <source>Sign out</source>
      <translation>تسجيل الخروج</translation>
    </message>
    <message>
      <source>Sign out and in again: nothing else is in the vault.</source>
      <translation>سجّل الخروج ثم الدخول: لا شيء آخر في الخزنة.</translation>
    </message>
    <message>
      <source>Sign-in not finished</source>
      <translation>لم يكتمل تسجيل الدخول</translation>
    </message>
    <message>
      <source>Sign-in took too long</source>
      <translation>استغرق تسجيل الدخول وقتًا طويلًا</translation>
    </message>
    <message>
      <source>Sign-in turned down</source>
      <translation>رُفض تسجيل الدخول</translation>
    </message>
    <message>
      <source>Signed in</source>
      <translation>تم تسجيل الدخول</translation>
    </message>
    <message>
      <source>Signed out</source>
      <translation>سُجّل الخروج</translation>
    </message>
    <message>
      <source>Size</source>
      <translation>الحجم</translation>
    </message>
    <message>
      <source>Size of the brush</source>
      <translation>حجم الفرشاة</translation>
    </message>
    <message>
      <source>Size unknown</source>
      <translation>الحجم غير معروف</translation>
    </message>
    <message>
      <source>Skin tone</source>
      <translation>لون البشرة</translation>
    </message>
    <message>
      <source>Slim</source>
      <translation>نحيف</translation>
    </message>
    <message>
      <source>Smaller or larger brush</source>
      <translation>فرشاة أصغر أو أكبر</translation>
    </message>
    <message>
      <source>Snap to symmetry</source>
      <translation>الانجذاب إلى التناظر</translation>
    </message>
    <message>
      <source>So many figures are made; the best one is kept</source>
      <translation>يُصنع هذا العدد من الشخصيات ويُحتفظ بأفضلها</translation>
    </message>
    <message>
      <source>Some photos are still there.</source>
      <translation>ما زالت بعض الصور هناك.</translation>
    </message>
    <message>
      <source>Somebody else collects</source>
      <translation>غيرك يجلب النتائج الآن</translation>
    </message>
    <message>
      <source>Something away from the garment was taken for a part of it.</source>
      <translation>حُسب شيء بعيد عن القطعة جزءاً منها.</translation>
    </message>
    <message>
      <source>Something away from the garment, which may belong to it, was left out.</source>
      <translation>تُرك شيء بعيد عن القطعة ربما كان منها.</translation>
    </message>
    <message>
      <source>Something went wrong in the window. The photographs and the queue are not touched by it.</source>
      <translation>حدث خطأ في النافذة، ولم يمسّ الصور ولا الطابور.</translation>
    </message>
    <message>
      <source>Source</source>
      <translation>المصدر</translation>
    </message>
    <message>
      <source>Space</source>
      <translation>مسافة</translation>
    </message>
    <message>
      <source>Split</source>
      <translation>تقسيم</translation>
    </message>
    <message>
      <source>Square</source>
      <translation>مربّع</translation>
    </message>
    <message>
      <source>Standing</source>
      <translation>وقوف</translation>
    </message>
    <message>
      <source>Stands</source>
      <translation>الموضع</translation>
    </message>
    <message>
      <source>Star</source>
      <translation>نجمة</translation>
    </message>
    <message>
      <source>Starred</source>
      <translation>ذات نجمة</translation>
    </message>
    <message>
      <source>Start</source>
      <translation>ابدأ</translation>
    </message>
    <message>
      <source>Start that worker with a smaller --concurrency, or do the photo on another computer.</source>
      <translation>ابدأ ذلك العامل بقيمة أصغر لـ ‎--concurrency، أو عالج الصورة على حاسوب آخر.</translation>
    </message>
    <message>
      <source>Start the workers with a larger --limit, or do the photo on this computer.</source>
      <translation>ابدأ العمال بقيمة أكبر لـ ‎--limit، أو عالج الصورة على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>Start with my own photographs</source>
      <translation>البدء بصوري</translation>
    </message>
    <message numerus="yes">
      <source>Start {n} shots</source>
      <translation>
        <numerusform>ابدأ</numerusform>
        <numerusform>ابدأ لقطة واحدة</numerusform>
        <numerusform>ابدأ لقطتين</numerusform>
        <numerusform>ابدأ {n} لقطات</numerusform>
        <numerusform>ابدأ {n} لقطة</numerusform>
        <numerusform>ابدأ {n} لقطة</numerusform>
      </translation>
    </message>
    <message>
      <source>Starter</source>
      <translation>المبتدئ</translation>
    </message>
    <message>
      <source>Starter engine</source>
      <translation>المحرك المبتدئ</translation>
    </message>
    <message>
      <source>Status</source>
      <translation>الحالة</translation>
    </message>
    <message>
      <source>Step forward</source>
      <translation>خطوة إلى الأمام</translation>
    </message>
    <message>
      <source>Stop</source>
      <translation>إيقاف</translation>
    </message>
    <message>
      <source>Stop at edges</source>
      <translation>التوقف عند الحواف</translation>
    </message>
    <message>
      <source>Stop fetching</source>
      <translation>إيقاف الجلب</translation>
    </message>
    <message>
      <source>Stop syncing</source>
      <translation>إيقاف المزامنة</translation>
    </message>
    <message>
      <source>Stop that one first, or pause the folder in the window.</source>
      <translation>أوقف ذاك أولاً، أو أوقف المجلد مؤقتاً في النافذة.</translation>
    </message>
    <message>
      <source>Stop watching the other one, or take a plan with more.</source>
      <translation>أوقف مراقبة الآخر، أو خذ خطة تسمح بأكثر.</translation>
    </message>
    <message>
      <source>Stopping after this photo…</source>
      <translation>يتوقف بعد هذه الصورة…</translation>
    </message>
    <message>
      <source>Street</source>
      <translation>شارع</translation>
    </message>
    <message>
      <source>Studio</source>
      <translation>استوديو</translation>
    </message>
    <message>
      <source>Studio (GPU)</source>
      <translation>الاستوديو (بطاقة رسوم)</translation>
    </message>
    <message>
      <source>Studio engine</source>
      <translation>محرك الاستوديو</translation>
    </message>
    <message>
      <source>Studio engine not installed</source>
      <translation>محرك الاستوديو غير مثبّت</translation>
    </message>
    <message>
      <source>Studio engine not set up</source>
      <translation>محرك الاستوديو غير معدّ</translation>
    </message>
    <message>
      <source>Switch provenance off in the recipe, or report this with the file.</source>
      <translation>أوقف بيان المصدر في الوصفة، أو أبلغنا بذلك مع الملف.</translation>
    </message>
    <message>
      <source>Sync results</source>
      <translation>مزامنة النتائج</translation>
    </message>
    <message>
      <source>Sync speed</source>
      <translation>سرعة المزامنة</translation>
    </message>
    <message>
      <source>System</source>
      <translation>النظام</translation>
    </message>
    <message>
      <source>Tag originals in a sidecar</source>
      <translation>علّم الأصول في ملف مرافق</translation>
    </message>
    <message>
      <source>Take all corrections back</source>
      <translation>التراجع عن كل التصحيحات</translation>
    </message>
    <message>
      <source>Take back</source>
      <translation>تراجع</translation>
    </message>
    <message>
      <source>Take back from the farm</source>
      <translation>استرجع من المزرعة</translation>
    </message>
    <message>
      <source>Take it</source>
      <translation>أخذها</translation>
    </message>
    <message>
      <source>Taking it back…</source>
      <translation>جارٍ التراجع…</translation>
    </message>
    <message>
      <source>Tan</source>
      <translation>حنطية</translation>
    </message>
    <message>
      <source>Teach the program the look of the mannequin you painted, for all shots of this shoot</source>
      <translation>تعليم البرنامج مظهر المانيكان الذي لوّنته لكل لقطات الجلسة</translation>
    </message>
    <message>
      <source>Teaching the shoot</source>
      <translation>تعليم الجلسة</translation>
    </message>
    <message>
      <source>Tell me when a batch has ended</source>
      <translation>نبّهني عند انتهاء الدفعة</translation>
    </message>
    <message>
      <source>Template not known</source>
      <translation>القالب غير معروف</translation>
    </message>
    <message>
      <source>Template not understood</source>
      <translation>القالب غير مفهوم</translation>
    </message>
    <message>
      <source>Templates: {}.</source>
      <translation>القوالب: {}.</translation>
    </message>
    <message>
      <source>The Python package {} cannot be loaded ({}).</source>
      <translation>لا يمكن تحميل حزمة {} ({}).</translation>
    </message>
    <message>
      <source>The account has no credit left for this.</source>
      <translation>لم يبقَ في الحساب رصيد لهذا.</translation>
    </message>
    <message>
      <source>The account has no room left for more results.</source>
      <translation>لم تبقَ في الحساب مساحة لمزيد من النتائج.</translation>
    </message>
    <message>
      <source>The account service does not know this computer any more.</source>
      <translation>لم تعد خدمة الحساب تعرف هذا الحاسوب.</translation>
    </message>
    <message>
      <source>The account service does not speak with this version of Modamoda Studio any more.</source>
      <translation>لم تعد خدمة الحساب تتحدث مع هذه النسخة من مودامودا ستوديو.</translation>
    </message>
    <message>
      <source>The account service has ended this computer's sign-in.</source>
      <translation>أنهت خدمة الحساب تسجيل دخول هذا الحاسوب.</translation>
    </message>
    <message>
      <source>The back of the neckline could not be made out: the inside may stand away from the garment.</source>
      <translation>تعذّر تبيّن الحافة الخلفية لفتحة العنق: قد يبدو الجزء الداخلي منفصلًا عن القطعة.</translation>
    </message>
    <message>
      <source>The balance was not asked for yet.</source>
      <translation>لم يُسأل عن الرصيد بعد.</translation>
    </message>
    <message>
      <source>The batch has ended</source>
      <translation>انتهت الدفعة</translation>
    </message>
    <message>
      <source>The code of this sign-in is used up; the answer may have been lost on its way.</source>
      <translation>رمز تسجيل الدخول هذا مستنفد؛ ربما ضاع الجواب في الطريق.</translation>
    </message>
    <message>
      <source>The compiler failed ({}).</source>
      <translation>فشل المجمّع ({}).</translation>
    </message>
    <message>
      <source>The decision stays as it is.</source>
      <translation>يبقى القرار كما هو.</translation>
    </message>
    <message>
      <source>The farm did not finish this photo in {} s.</source>
      <translation>لم تنجز المزرعة هذه الصورة في {} ث.</translation>
    </message>
    <message numerus="yes">
      <source>The farm does {n} photos now.</source>
      <translation>
        <numerusform>لا تعمل المزرعة على أي صورة الآن.</numerusform>
        <numerusform>تعمل المزرعة على صورة واحدة الآن.</numerusform>
        <numerusform>تعمل المزرعة على صورتين الآن.</numerusform>
        <numerusform>تعمل المزرعة على {n} صور الآن.</numerusform>
        <numerusform>تعمل المزرعة على {n} صورة الآن.</numerusform>
        <numerusform>تعمل المزرعة على {n} صورة الآن.</numerusform>
      </translation>
    </message>
    <message>
      <source>The farm tried this photo {} times, the last time on {} ({}).</source>
      <translation>جرّبت المزرعة هذه الصورة {} مرات، آخرها على {} ({}).</translation>
    </message>
    <message>
      <source>The farm's broker answers again</source>
      <translation>عاد وسيط المزرعة يجيب</translation>
    </message>
    <message>
      <source>The farm's broker does not answer</source>
      <translation>لا يجيب وسيط المزرعة</translation>
    </message>
    <message>
      <source>The farm's broker wants another password</source>
      <translation>يطلب وسيط المزرعة كلمة مرور أخرى</translation>
    </message>
    <message>
      <source>The file for {} breaks its rules: {}. The report has the remedies.</source>
      <translation>ملف {} يخالف هذه القواعد: {}. والحلول مذكورة في التقرير.</translation>
    </message>
    <message>
      <source>The file holds no network that is known ({}).</source>
      <translation>الملف لا يحوي شبكة معروفة ({}).</translation>
    </message>
    <message>
      <source>The file is not OpenPose's network of the body ({}).</source>
      <translation>الملف ليس شبكة الجسم من OpenPose ({}).</translation>
    </message>
    <message>
      <source>The file is not a Segment Anything network ({}).</source>
      <translation>الملف ليس شبكة Segment Anything ({}).</translation>
    </message>
    <message>
      <source>The file is offered by {} over a connection that is not encrypted.</source>
      <translation>الملف معروض من {} عبر اتصال غير مشفّر.</translation>
    </message>
    <message>
      <source>The files of {title} are looked at</source>
      <translation>تُفحص ملفات {title}</translation>
    </message>
    <message>
      <source>The folder that results go to; the folders of the shoot are kept below it.</source>
      <translation>المجلد الذي تذهب إليه النتائج، وتبقى مجلدات الجلسة تحته.</translation>
    </message>
    <message>
      <source>The garment hangs on narrow straps: what may show behind them was left open, as no photo shows it.</source>
      <translation>القطعة معلّقة على حمّالات رفيعة: تُرك ما قد يظهر خلفها مفتوحًا، إذ لا تُظهره أي صورة.</translation>
    </message>
    <message>
      <source>The garment hardly differs in colour from what is around it.</source>
      <translation>لون القطعة يكاد لا يختلف عما حولها.</translation>
    </message>
    <message>
      <source>The garment has a hole amid it: it may be a trim in another colour, or a part of the mannequin before it.</source>
      <translation>في وسط القطعة ثقب: قد يكون حاشية بلون آخر، أو جزءًا من المانيكان أمامها.</translation>
    </message>
    <message>
      <source>The garment is cut by the frame of the photo, and the cut stands amid the finished picture.</source>
      <translation>القطعة مقطوعة بإطار الصورة، والقطع يقع في وسط الصورة النهائية.</translation>
    </message>
    <message>
      <source>The garment is cut by the frame of the photo; the result keeps that crop.</source>
      <translation>القطعة مقطوعة بإطار الصورة؛ والنتيجة تُبقي هذا الاقتصاص.</translation>
    </message>
    <message>
      <source>The garment itself is never repainted</source>
      <translation>القطعة نفسها لا يُعاد رسمها أبداً</translation>
    </message>
    <message>
      <source>The garment stands higher on both sides of the neck than its inside: a back may be missing.</source>
      <translation>ترتفع القطعة على جانبي الرقبة أعلى من داخلها: ربما ينقص ظهرها.</translation>
    </message>
    <message>
      <source>The garment's pixels were not measured</source>
      <translation>لم تُقَس بكسلات القطعة</translation>
    </message>
    <message>
      <source>The graphics card computed no numbers, which half precision does where values grow too large.</source>
      <translation>لم تحسب بطاقة الرسوم أرقاماً، وهذا ما يحدث في نصف الدقة حين تكبر القيم أكثر مما ينبغي.</translation>
    </message>
    <message>
      <source>The inside of {} is to be generated, which the starter engine cannot do.</source>
      <translation>داخل {} يُطلب توليده، والمحرك المبتدئ لا يستطيع ذلك.</translation>
    </message>
    <message>
      <source>The installed program brings neither the Python nor the headers that torch compiles with.</source>
      <translation>لا يتضمن البرنامج المثبَّت نسخة Python ولا ملفات الترويسات التي يجمّع بها torch.</translation>
    </message>
    <message>
      <source>The installed program does not bring it; every file says by IPTC how it came about.</source>
      <translation>البرنامج المثبت لا يتضمنها؛ وكل ملف يذكر عبر IPTC كيف نشأ.</translation>
    </message>
    <message>
      <source>The job {} is not rendered by the service.</source>
      <translation>المهمة {} لا تعالجها الخدمة.</translation>
    </message>
    <message>
      <source>The licence and its days of grace have ended.</source>
      <translation>انتهى الترخيص وأيام السماح.</translation>
    </message>
    <message>
      <source>The list of versions could not be read: {}.</source>
      <translation>تعذرت قراءة قائمة الإصدارات: {}.</translation>
    </message>
    <message>
      <source>The list of versions is not signed by the makers of this program, so nothing of it is used.</source>
      <translation>قائمة الإصدارات غير موقّعة من صانعي هذا البرنامج، لذلك لا يُستخدم منها شيء.</translation>
    </message>
    <message>
      <source>The log of that computer's worker says more. Do the photo again, here or on the farm.</source>
      <translation>في سجل العامل على ذلك الحاسوب تفاصيل أكثر. أعد معالجة الصورة هنا أو على المزرعة.</translation>
    </message>
    <message>
      <source>The mannequin goes, every pixel of the garment stays. In batches, offline, on this computer.</source>
      <translation>يختفي المانيكان ويبقى كل بكسل من القطعة. على دفعات، دون اتصال، على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>The models need {} MB in {}, {} MB are free.</source>
      <translation>تحتاج النماذج {} م.ب في {} والمتاح {} م.ب.</translation>
    </message>
    <message>
      <source>The name {}… is too long for this disk.</source>
      <translation>الاسم {}… أطول مما يقبل هذا القرص.</translation>
    </message>
    <message>
      <source>The ncnn file is not Real-ESRGAN: {}.</source>
      <translation>ملف ncnn ليس Real-ESRGAN: {}.</translation>
    </message>
    <message>
      <source>The networks ended before they answered.</source>
      <translation>انتهت الشبكات قبل أن تجيب.</translation>
    </message>
    <message>
      <source>The networks failed: {}: {}</source>
      <translation>أخفقت الشبكات: {}: {}</translation>
    </message>
    <message>
      <source>The page Account lists what can be bought, in a terminal: modamoda account buy</source>
      <translation>تعرض صفحة الحساب ما يمكن شراؤه، وفي الطرفية: modamoda account buy</translation>
    </message>
    <message>
      <source>The page System says what is missing; in a terminal: modamoda doctor</source>
      <translation>تقول صفحة النظام ما ينقص؛ وفي الطرفية: modamoda doctor</translation>
    </message>
    <message>
      <source>The passphrase is not that of {}, or the file was changed.</source>
      <translation>ليست هذه عبارة مرور {}، أو أن الملف قد تغيّر.</translation>
    </message>
    <message>
      <source>The passphrase once more</source>
      <translation>عبارة المرور مرة أخرى</translation>
    </message>
    <message>
      <source>The passphrase was typed in two ways. Sign in again, and type the same one twice.</source>
      <translation>كُتبت عبارة المرور بطريقتين مختلفتين. سجّل الدخول من جديد واكتب العبارة نفسها مرتين.</translation>
    </message>
    <message>
      <source>The payment is confirmed.</source>
      <translation>تأكّد الدفع.</translation>
    </message>
    <message>
      <source>The payment service refused the payment.</source>
      <translation>رفضت خدمة الدفع العملية.</translation>
    </message>
    <message>
      <source>The photo of the bare mannequin does not fit this photo and was not used.</source>
      <translation>صورة المانيكان العاري لا تطابق هذه الصورة فلم تُستعمل.</translation>
    </message>
    <message>
      <source>The photo of the empty set does not fit this photo and was not used.</source>
      <translation>صورة الخلفية الفارغة لا تطابق هذه الصورة فلم تُستعمل.</translation>
    </message>
    <message>
      <source>The photo seems to show several garments.</source>
      <translation>يبدو أن الصورة تُظهر عدة قطع.</translation>
    </message>
    <message>
      <source>The photo's EXIF data is broken and was left out: if the picture lies on its side, turn it first.</source>
      <translation>بيانات EXIF في الصورة تالفة وتُركت: إن كانت الصورة مائلة على جانبها فأدرها أولًا.</translation>
    </message>
    <message>
      <source>The photo's colour profile is broken: its colours were read as sRGB and may be wrong.</source>
      <translation>ملف الألوان في الصورة تالف: قُرئت ألوانها بصيغة sRGB وقد لا تكون صحيحة.</translation>
    </message>
    <message>
      <source>The photo's own</source>
      <translation>ألوان الصورة نفسها</translation>
    </message>
    <message>
      <source>The photos on the farm go on.</source>
      <translation>تستمر الصور التي على المزرعة.</translation>
    </message>
    <message>
      <source>The picture may show something else than clothing.</source>
      <translation>قد تُظهر الصورة شيئًا آخر غير الملابس.</translation>
    </message>
    <message>
      <source>The plan {} does not hold this.</source>
      <translation>الخطة {} لا تتضمن هذا.</translation>
    </message>
    <message>
      <source>The plan {} renders on this computer, not on a farm.</source>
      <translation>تعالج الخطة {} الصور على هذا الحاسوب، لا على مزرعة.</translation>
    </message>
    <message>
      <source>The plan's licences are all held by other computers.</source>
      <translation>كل تراخيص الخطة لدى حواسيب أخرى.</translation>
    </message>
    <message>
      <source>The presets of the program stay.</source>
      <translation>إعدادات البرنامج تبقى.</translation>
    </message>
    <message>
      <source>The program crashed on this photo</source>
      <translation>انهار البرنامج عند هذه الصورة</translation>
    </message>
    <message>
      <source>The program is set to stay offline, so no model is fetched.</source>
      <translation>البرنامج مضبوط على عدم الاتصال، فلا يُنزَّل أي نموذج.</translation>
    </message>
    <message>
      <source>The program keeps its data in {}, which cannot be used: {}.</source>
      <translation>يحفظ البرنامج بياناته في {}، وهو مجلد لا يمكن استعماله: {}.</translation>
    </message>
    <message>
      <source>The proxy did not make a connection to {}: {}.</source>
      <translation>لم يُجرِ الوكيل اتصالًا بـ {}: {}.</translation>
    </message>
    <message>
      <source>The recipe asks for {}, which the starter engine cannot make.</source>
      <translation>تطلب الوصفة {}، والمحرك المبتدئ لا يستطيعه.</translation>
    </message>
    <message>
      <source>The recipe cannot be used: figure.{} must be one of {}, not {}.</source>
      <translation>لا يمكن استخدام الوصفة: ‏figure.{} يجب أن يكون من {} لا {}.</translation>
    </message>
    <message>
      <source>The recipe cannot be used: {}.</source>
      <translation>لا يمكن استخدام الوصفة: {}.</translation>
    </message>
    <message>
      <source>The recipe wants the inside of {} from a photo, and none was found beside it.</source>
      <translation>تريد الوصفة داخل {} من صورة ولم توجد بجوارها.</translation>
    </message>
    <message>
      <source>The report of this result is not there.</source>
      <translation>تقرير هذه النتيجة غير موجود.</translation>
    </message>
    <message>
      <source>The rest is rendered on this computer. Agree to more on the account page.</source>
      <translation>يُعالَج الباقي على هذا الحاسوب. وافق على المزيد في صفحة الحساب.</translation>
    </message>
    <message>
      <source>The result of {} is not as the farm made it.</source>
      <translation>نتيجة {} ليست كما صنعتها المزرعة.</translation>
    </message>
    <message>
      <source>The result of {} was replaced, sent, filed or decided anew since.</source>
      <translation>استُبدلت نتيجة {} أو أُرسلت أو نُقلت صورتها أو اتُّخذ بشأنها قرار جديد منذ ذلك الحين.</translation>
    </message>
    <message>
      <source>The results are being made with them now.</source>
      <translation>تُنجز النتائج بها الآن.</translation>
    </message>
    <message>
      <source>The service could not render {}.</source>
      <translation>لم تتمكن الخدمة من معالجة {}.</translation>
    </message>
    <message>
      <source>The service does not have the picture that this recipe puts behind the garment.</source>
      <translation>ليست لدى الخدمة الصورة التي تضعها هذه الوصفة خلف القطعة.</translation>
    </message>
    <message>
      <source>The service does not know the corrections made by hand on this photo.</source>
      <translation>لا تعرف الخدمة التصحيحات اليدوية على هذه الصورة.</translation>
    </message>
    <message>
      <source>The service makes PNG, JPEG, TIFF and WebP files.</source>
      <translation>تصنع الخدمة ملفات PNG وJPEG وTIFF وWebP.</translation>
    </message>
    <message>
      <source>The service renders only what you send.</source>
      <translation>لا تعالج الخدمة إلا ما ترسله أنت.</translation>
    </message>
    <message>
      <source>The service sends the finished picture only, without layers.</source>
      <translation>ترسل الخدمة الصورة الجاهزة فقط، دون طبقات.</translation>
    </message>
    <message>
      <source>The service sent a licence that is not signed with a key this program knows.</source>
      <translation>أرسلت الخدمة ترخيصًا غير موقّع بمفتاح يعرفه هذا البرنامج.</translation>
    </message>
    <message>
      <source>The service takes one photo a job; this one has more.</source>
      <translation>تأخذ الخدمة صورة واحدة لكل مهمة؛ ولهذه أكثر.</translation>
    </message>
    <message>
      <source>The set is seen through the neck: what may show there was left open, as no photo shows it.</source>
      <translation>تظهر خلفية التصوير عبر فتحة الرقبة: تُرك ما قد يظهر هناك مفتوحًا، إذ لا تُظهره أي صورة.</translation>
    </message>
    <message>
      <source>The shoot has learned</source>
      <translation>تعلّمت الجلسة</translation>
    </message>
    <message>
      <source>The sign-in was turned down in the browser.</source>
      <translation>رُفض تسجيل الدخول في المتصفح.</translation>
    </message>
    <message>
      <source>The starter engine does not need one; the studio engine does (NVIDIA, 8 GB or more).</source>
      <translation>المحرك المبتدئ لا يحتاجها؛ محرك الاستوديو يحتاجها (NVIDIA، ‏8 غ.ب فأكثر).</translation>
    </message>
    <message>
      <source>The starter engine is incomplete</source>
      <translation>المحرك المبتدئ ناقص</translation>
    </message>
    <message>
      <source>The starter engine needs none of these. The studio engine does, on an NVIDIA card.</source>
      <translation>المحرك المبتدئ لا يحتاج إليها. محرك الاستوديو يحتاجها على بطاقة NVIDIA.</translation>
    </message>
    <message>
      <source>The starter engine works on this computer at once; nothing is downloaded.</source>
      <translation>المحرك المبتدئ يعمل على هذا الحاسوب فوراً دون تنزيل شيء.</translation>
    </message>
    <message>
      <source>The studio engine is needed</source>
      <translation>يلزم محرك الاستوديو</translation>
    </message>
    <message>
      <source>The studio engine needs an NVIDIA card. {}</source>
      <translation>يحتاج محرك الاستوديو بطاقة NVIDIA. {}</translation>
    </message>
    <message>
      <source>The studio engine needs {} MB in {}, {} MB are free.</source>
      <translation>يحتاج محرك الاستوديو إلى {} ميغابايت في {}، والمتاح {} ميغابايت.</translation>
    </message>
    <message>
      <source>The studio engine's add-on is not made for {} with Python {}.</source>
      <translation>إضافة محرك الاستوديو غير متوفرة من أجل {} مع Python {}.</translation>
    </message>
    <message>
      <source>The system has no program that opens {path}.</source>
      <translation>ليس في النظام برنامج يفتح {path}.</translation>
    </message>
    <message>
      <source>The system's keyring does not answer: {}.</source>
      <translation>حافظة مفاتيح النظام لا تستجيب: {}.</translation>
    </message>
    <message>
      <source>The system's keyring is locked, so that the account's secrets are out of reach.</source>
      <translation>حافظة مفاتيح النظام مقفلة، فلا يمكن الوصول إلى أسرار الحساب.</translation>
    </message>
    <message>
      <source>The token {} in {} stands for nothing.</source>
      <translation>الرمز {} في {} لا يدل على شيء.</translation>
    </message>
    <message>
      <source>The vault's passphrase is needed.</source>
      <translation>تلزم عبارة مرور الخزنة.</translation>
    </message>
    <message>
      <source>The worker ended: {}: {}</source>
      <translation>انتهى العامل: {}: {}</translation>
    </message>
    <message>
      <source>The worker ends as soon as it starts; the jobs stay queued. Its last words are in {}.</source>
      <translation>ينتهي العامل فور بدئه، وتبقى المهام في الطابور. آخر كلماته في {}.</translation>
    </message>
    <message>
      <source>The {} credits for cloud rendering by rule are spent or set aside.</source>
      <translation>الأرصدة المخصصة للمعالجة السحابية حسب القاعدة، وعددها {}، أُنفقت أو حُجزت.</translation>
    </message>
    <message>
      <source>Theme</source>
      <translation>المظهر</translation>
    </message>
    <message>
      <source>There is no background {}.</source>
      <translation>لا خلفية باسم {}.</translation>
    </message>
    <message>
      <source>There is no device {}; found: {}.</source>
      <translation>لا جهاز {}؛ الموجود: {}.</translation>
    </message>
    <message>
      <source>There is no pose {}.</source>
      <translation>لا وضعية باسم {}.</translation>
    </message>
    <message>
      <source>There is no recipe {} that can be read.</source>
      <translation>لا وصفة {} يمكن قراءتها.</translation>
    </message>
    <message>
      <source>There is no report {} beside the layers that can be read.</source>
      <translation>لا يوجد بجانب الطبقات تقرير {} يمكن قراءته.</translation>
    </message>
    <message>
      <source>There is no result to show.</source>
      <translation>لا نتيجة لعرضها.</translation>
    </message>
    <message>
      <source>There is no room left to write {}.</source>
      <translation>لا مساحة باقية لكتابة {}.</translation>
    </message>
    <message>
      <source>There is no template {}.</source>
      <translation>لا يوجد قالب باسم {}.</translation>
    </message>
    <message>
      <source>There is no worker {}.</source>
      <translation>لا يوجد عامل باسم {}.</translation>
    </message>
    <message>
      <source>These do not go together</source>
      <translation>لا يجتمع هذان الخياران</translation>
    </message>
    <message>
      <source>These photos are still with the service. Sign in again to get them, or render them here.</source>
      <translation>ما زالت هذه الصور لدى الخدمة. سجّل الدخول من جديد لتحصل عليها، أو عالجها هنا.</translation>
    </message>
    <message>
      <source>They ship with the program: install it again, or update the checkout.</source>
      <translation>تأتي مع البرنامج: ثبّته من جديد أو حدّثه.</translation>
    </message>
    <message>
      <source>They stay on this computer. Send the newest one when you ask for help, or delete them.</source>
      <translation>تبقى على هذا الحاسوب. أرسل أحدثها عند طلب المساعدة، أو احذفها.</translation>
    </message>
    <message>
      <source>They wait for a worker that can do them.</source>
      <translation>تنتظر عاملًا يقدر عليها.</translation>
    </message>
    <message>
      <source>This computer does not know a farm yet.</source>
      <translation>لا يعرف هذا الحاسوب مزرعة بعد.</translation>
    </message>
    <message>
      <source>This computer holds no licence; everything local works without one.</source>
      <translation>لا ترخيص على هذا الحاسوب؛ كل ما هو محلي يعمل دونه.</translation>
    </message>
    <message>
      <source>This computer is not signed in to an account.</source>
      <translation>لم يُسجَّل دخول هذا الحاسوب إلى حساب.</translation>
    </message>
    <message>
      <source>This computer offers no keyring that keeps secrets safe.</source>
      <translation>لا يوفّر هذا الحاسوب حافظة مفاتيح تحفظ الأسرار بأمان.</translation>
    </message>
    <message>
      <source>This computer's clock has gone back since the licence was last used.</source>
      <translation>رجعت ساعة هذا الحاسوب إلى الوراء منذ آخر استعمال للترخيص.</translation>
    </message>
    <message numerus="yes">
      <source>This costs {n} credits when they are done.</source>
      <translation>
        <numerusform>لا يكلّف هذا رصيدًا.</numerusform>
        <numerusform>يكلّف هذا رصيدًا واحدًا عند الإنجاز.</numerusform>
        <numerusform>يكلّف هذا رصيدين عند الإنجاز.</numerusform>
        <numerusform>يكلّف هذا {n} أرصدة عند الإنجاز.</numerusform>
        <numerusform>يكلّف هذا {n} رصيدًا عند الإنجاز.</numerusform>
        <numerusform>يكلّف هذا {n} رصيد عند الإنجاز.</numerusform>
      </translation>
    </message>
    <message>
      <source>This folder holds no photographs. The program reads JPEG, PNG, TIFF, WebP, HEIC, AVIF and camera RAW.</source>
      <translation>لا صور في هذا المجلد. يقرأ البرنامج JPEG وPNG وTIFF وWebP وHEIC وAVIF وملفات RAW من الكاميرا.</translation>
    </message>
    <message>
      <source>This is the newest version.</source>
      <translation>هذا أحدث إصدار.</translation>
    </message>
    <message>
      <source>This licence belongs to another computer.</source>
      <translation>هذا الترخيص لحاسوب آخر.</translation>
    </message>
    <message>
      <source>This licence is not as the account service signed it, or an older one was put in its place.</source>
      <translation>هذا الترخيص ليس كما وقّعته خدمة الحساب، أو وُضع مكانه ترخيص أقدم.</translation>
    </message>
    <message>
      <source>This shoot is synced.</source>
      <translation>هذه الجلسة تُزامَن.</translation>
    </message>
    <message>
      <source>To</source>
      <translation>إلى</translation>
    </message>
    <message>
      <source>To do them on this computer instead: modamoda farm take-back</source>
      <translation>لمعالجتها على هذا الحاسوب بدلًا من ذلك: modamoda farm take-back</translation>
    </message>
    <message>
      <source>To review</source>
      <translation>للمراجعة</translation>
    </message>
    <message>
      <source>Tokens: </source>
      <translation>الرموز: </translation>
    </message>
    <message>
      <source>Told by</source>
      <translation>يُعرف من</translation>
    </message>
    <message>
      <source>Top</source>
      <translation>الأعلى</translation>
    </message>
    <message>
      <source>Transparent</source>
      <translation>شفاف</translation>
    </message>
    <message>
      <source>Triton is missing, which makes the code for the graphics card.</source>
      <translation>‏Triton مفقود، وهو الذي يُنشئ الشيفرة لبطاقة الرسوميات.</translation>
    </message>
    <message>
      <source>Try again in a few minutes. Everything on this computer works without it.</source>
      <translation>حاول مرة أخرى بعد بضع دقائق. كل شيء على هذا الحاسوب يعمل بدونها.</translation>
    </message>
    <message>
      <source>Try again in a moment.</source>
      <translation>حاول بعد لحظة.</translation>
    </message>
    <message>
      <source>Try again later (it goes on where it stopped), name a mirror, or import it from a disk.</source>
      <translation>حاول لاحقاً (يتابع من حيث توقف) أو سمِّ مرآة أو استورده من قرص.</translation>
    </message>
    <message>
      <source>Try again later.</source>
      <translation>حاول لاحقًا.</translation>
    </message>
    <message>
      <source>Try again later: it goes on where it stopped. Without a network: modamoda addon install --from DIR</source>
      <translation>أعد المحاولة لاحقًا: يُستأنف من حيث توقف. بلا شبكة: modamoda addon install --from DIR</translation>
    </message>
    <message>
      <source>Try again later; nothing else needs it.</source>
      <translation>أعد المحاولة لاحقًا؛ لا شيء آخر يحتاج إليها.</translation>
    </message>
    <message>
      <source>Try again. In a hotel or café, open a web page first: their network may ask you to sign in.</source>
      <translation>حاول من جديد. في فندق أو مقهى افتح صفحة ويب أولًا: قد تطلب شبكتهم تسجيل الدخول.</translation>
    </message>
    <message>
      <source>Try again; the log tells more.</source>
      <translation>حاول مرة أخرى؛ في السجل المزيد.</translation>
    </message>
    <message>
      <source>Try another way to pay.</source>
      <translation>جرّب طريقة أخرى للدفع.</translation>
    </message>
    <message>
      <source>Try the sample shoot</source>
      <translation>جرّب جلسة المثال</translation>
    </message>
    <message>
      <source>Turn it down</source>
      <translation>رفضها</translation>
    </message>
    <message>
      <source>Turned left</source>
      <translation>ملتفت يساراً</translation>
    </message>
    <message>
      <source>Turned right</source>
      <translation>ملتفت يميناً</translation>
    </message>
    <message>
      <source>Type it again. If it is lost, sign out and in again: nothing else is in the vault.</source>
      <translation>اكتبها من جديد. إن ضاعت فسجّل الخروج ثم الدخول: لا شيء آخر في الخزنة.</translation>
    </message>
    <message>
      <source>Undo</source>
      <translation>تراجع</translation>
    </message>
    <message>
      <source>Unlock the keychain “login” in Keychain Access, then try again.</source>
      <translation>افتح حافظة المفاتيح «login» في تطبيق Keychain Access ثم أعد المحاولة.</translation>
    </message>
    <message>
      <source>Unlock the login keyring (Seahorse, KWallet, or sign in to the desktop again), then try again.</source>
      <translation>افتح حافظة مفاتيح الدخول (Seahorse أو KWallet، أو سجّل الدخول إلى سطح المكتب من جديد) ثم أعد المحاولة.</translation>
    </message>
    <message>
      <source>Unlocked: {names}</source>
      <translation>المتاح: {names}</translation>
    </message>
    <message>
      <source>Unusual picture</source>
      <translation>صورة غير معتادة</translation>
    </message>
    <message>
      <source>Update the NVIDIA driver, close other programs that use the card, or choose another device; if the card is older than this torch can use, work with --engine starter.</source>
      <translation>حدّث مشغّل NVIDIA، أو أغلق البرامج الأخرى التي تستخدم البطاقة، أو اختر جهازًا آخر؛ وإن كانت البطاقة أقدم مما يستطيع torch هذا استخدامه فاعمل مع ‎--engine starter‎.</translation>
    </message>
    <message>
      <source>Update the program, or set MODAMODA_HOME to another folder.</source>
      <translation>حدّث البرنامج أو وجّه MODAMODA_HOME إلى مجلد آخر.</translation>
    </message>
    <message>
      <source>Update the program.</source>
      <translation>حدّث البرنامج.</translation>
    </message>
    <message>
      <source>Update the program. Everything on this computer goes on working meanwhile.</source>
      <translation>حدّث البرنامج. كل ما على هذا الحاسوب يواصل العمل في هذه الأثناء.</translation>
    </message>
    <message>
      <source>Updates not believed</source>
      <translation>التحديثات غير موثوقة</translation>
    </message>
    <message>
      <source>Updates not known</source>
      <translation>التحديثات غير معروفة</translation>
    </message>
    <message>
      <source>Upright, one scale and line for garments of a kind</source>
      <translation>استقامة ومقياس واحد وخط واحد للقطع من نوع واحد</translation>
    </message>
    <message>
      <source>Upright, one scale, line and light</source>
      <translation>استقامة ومقياس وخط وإضاءة واحدة</translation>
    </message>
    <message>
      <source>Use --engine starter, or fetch the models.</source>
      <translation>استخدم المحرك المبتدئ أو نزّل النماذج.</translation>
    </message>
    <message>
      <source>Use --engine studio on a computer with an NVIDIA card, after: modamoda models fetch human</source>
      <translation>استخدم محرك الاستوديو على حاسوب ببطاقة NVIDIA بعد تنزيل نماذجه.</translation>
    </message>
    <message>
      <source>Use a photo of at least {} pixels on its short side.</source>
      <translation>استخدم صورة لا يقل ضلعها القصير عن {} بكسل.</translation>
    </message>
    <message>
      <source>Use a photo of one person whose shoulders can be seen, or a preset.</source>
      <translation>استخدم صورة شخص واحد تظهر كتفاه، أو وضعية جاهزة.</translation>
    </message>
    <message>
      <source>Use a pose of the program's own, a JSON file with OpenPose's 18 body points, or a photo of a person.</source>
      <translation>استخدم وضعية من البرنامج أو ملف JSON بنقاط OpenPose الثماني عشرة أو صورة شخص.</translation>
    </message>
    <message>
      <source>Use letters, digits and spaces.</source>
      <translation>استخدم حروفاً وأرقاماً ومسافات.</translation>
    </message>
    <message>
      <source>Use neither</source>
      <translation>من دونهما</translation>
    </message>
    <message>
      <source>Use the mouse; or move the tool with the arrow keys, put it down and lift it with Enter</source>
      <translation>استخدم الفأرة؛ أو حرّك الأداة بمفاتيح الأسهم، وأنزلها وارفعها بمفتاح Enter</translation>
    </message>
    <message>
      <source>Use the whole photo rather than a strip of it.</source>
      <translation>استخدم الصورة كاملة لا شريطاً منها.</translation>
    </message>
    <message>
      <source>Use these pairs</source>
      <translation>استعمل هذا الترتيب</translation>
    </message>
    <message>
      <source>Use {}.</source>
      <translation>استعمل {}.</translation>
    </message>
    <message>
      <source>Vault damaged</source>
      <translation>الخزنة تالفة</translation>
    </message>
    <message>
      <source>Vault locked</source>
      <translation>الخزنة مقفلة</translation>
    </message>
    <message>
      <source>Vault not opened</source>
      <translation>لم تُفتح الخزنة</translation>
    </message>
    <message>
      <source>Verified</source>
      <translation>تم التحقق</translation>
    </message>
    <message>
      <source>Verify</source>
      <translation>تحقق</translation>
    </message>
    <message>
      <source>Verify it under Models, or with: modamoda models verify</source>
      <translation>تحقق منه في صفحة النماذج، أو بالأمر: modamoda models verify</translation>
    </message>
    <message>
      <source>Verify the models under Models (modamoda models verify), and update the NVIDIA driver.</source>
      <translation>تحقق من النماذج في صفحة النماذج (modamoda models verify)، وحدّث مشغّل NVIDIA.</translation>
    </message>
    <message>
      <source>Version {version}</source>
      <translation>الإصدار {version}</translation>
    </message>
    <message>
      <source>Version {version} is out: {page}</source>
      <translation>صدر الإصدار {version}: {page}</translation>
    </message>
    <message>
      <source>Wait until it is copied or saved completely, then run the program again.</source>
      <translation>انتظر حتى يكتمل نسخها أو حفظها ثم أعد العملية.</translation>
    </message>
    <message>
      <source>Waiting</source>
      <translation>في الانتظار</translation>
    </message>
    <message>
      <source>Waiting for the browser</source>
      <translation>في انتظار المتصفح</translation>
    </message>
    <message>
      <source>Waiting or working</source>
      <translation>في الانتظار أو قيد العمل</translation>
    </message>
    <message>
      <source>Walking</source>
      <translation>مشي</translation>
    </message>
    <message>
      <source>Watch</source>
      <translation>المراقبة</translation>
    </message>
    <message>
      <source>Watch a folder…</source>
      <translation>راقب مجلداً…</translation>
    </message>
    <message>
      <source>Watched</source>
      <translation>مراقَب</translation>
    </message>
    <message>
      <source>Watched already</source>
      <translation>مراقَب بالفعل</translation>
    </message>
    <message>
      <source>Watched folders</source>
      <translation>المجلدات المراقَبة</translation>
    </message>
    <message>
      <source>Weight on one leg</source>
      <translation>الثقل على ساق واحدة</translation>
    </message>
    <message>
      <source>Weights</source>
      <translation>الأوزان</translation>
    </message>
    <message>
      <source>Welcome</source>
      <translation>أهلاً</translation>
    </message>
    <message>
      <source>Welcome to Modamoda Studio</source>
      <translation>أهلاً بك في Modamoda Studio</translation>
    </message>
    <message>
      <source>What arrives in these folders is finished by itself, as soon as it is whole.</source>
      <translation>ما يصل إلى هذه المجلدات يُنجز من تلقاء نفسه حالما يكتمل.</translation>
    </message>
    <message>
      <source>What becomes of the original photos.</source>
      <translation>ما يحدث للصور الأصلية.</translation>
    </message>
    <message>
      <source>What came back is not what the account service says.</source>
      <translation>ما عاد ليس ما تقوله خدمة الحساب.</translation>
    </message>
    <message>
      <source>What is cancelled or fails costs nothing. Photos beyond the limit are rendered here.</source>
      <translation>ما يُلغى أو يفشل لا يكلف شيئًا. والصور التي تتجاوز الحد تُعالَج هنا.</translation>
    </message>
    <message>
      <source>What is made of each shot</source>
      <translation>ما يُصنع من كل لقطة</translation>
    </message>
    <message>
      <source>What is shown; hold the space bar to see the photograph</source>
      <translation>ما يُعرض؛ اضغط مفتاح المسافة لرؤية الصورة الأصلية</translation>
    </message>
    <message>
      <source>What it shows</source>
      <translation>ما تُظهره</translation>
    </message>
    <message>
      <source>What results will be called</source>
      <translation>أسماء النتائج</translation>
    </message>
    <message>
      <source>What stands behind the garment</source>
      <translation>ما يقف خلف القطعة</translation>
    </message>
    <message>
      <source>What this computer can do could not be found out.</source>
      <translation>تعذرت معرفة ما يقدر عليه هذا الحاسوب.</translation>
    </message>
    <message>
      <source>What to make</source>
      <translation>ما يُصنع</translation>
    </message>
    <message>
      <source>What was chosen before stays.</source>
      <translation>يبقى ما اختير من قبل.</translation>
    </message>
    <message>
      <source>What was dropped is not on this computer any more.</source>
      <translation>ما أُفلت لم يعد موجوداً على هذا الحاسوب.</translation>
    </message>
    <message>
      <source>What {photo} shows</source>
      <translation>ما تُظهره {photo}</translation>
    </message>
    <message>
      <source>When</source>
      <translation>الوقت</translation>
    </message>
    <message>
      <source>Where results go</source>
      <translation>مكان النتائج</translation>
    </message>
    <message>
      <source>Where the files go</source>
      <translation>أين توضع الملفات</translation>
    </message>
    <message>
      <source>Where the inside of collar, sleeves and hem comes from</source>
      <translation>من أين يأتي داخل الياقة والأكمام والحاشية</translation>
    </message>
    <message>
      <source>Whether all photos of the shoot are brought in line.</source>
      <translation>هل تُسوّى صور الجلسة كلها معاً.</translation>
    </message>
    <message>
      <source>While this computer has no graphics card</source>
      <translation>ما دام هذا الحاسوب بلا بطاقة رسوميات</translation>
    </message>
    <message>
      <source>White</source>
      <translation>أبيض</translation>
    </message>
    <message>
      <source>White studio</source>
      <translation>استوديو أبيض</translation>
    </message>
    <message>
      <source>Who does the work; the starter engine needs no graphics card</source>
      <translation>من يقوم بالعمل؛ المحرك المبتدئ لا يحتاج بطاقة رسوم</translation>
    </message>
    <message>
      <source>Width</source>
      <translation>العرض</translation>
    </message>
    <message>
      <source>Without a licence for more, {} folder is watched at a time, and one is.</source>
      <translation>بلا ترخيص لأكثر من ذلك يُراقَب {} مجلد في آن واحد، وهناك واحد مراقَب.</translation>
    </message>
    <message>
      <source>Woman</source>
      <translation>امرأة</translation>
    </message>
    <message>
      <source>Worker not found</source>
      <translation>العامل غير موجود</translation>
    </message>
    <message>
      <source>Worker not usable</source>
      <translation>العامل غير صالح</translation>
    </message>
    <message>
      <source>Workers lost</source>
      <translation>فُقد عمال</translation>
    </message>
    <message>
      <source>Working</source>
      <translation>قيد العمل</translation>
    </message>
    <message>
      <source>Works without the internet until {when}.</source>
      <translation>يعمل دون إنترنت حتى {when}.</translation>
    </message>
    <message>
      <source>Write it as redis://COMPUTER:6379/0, or rediss:// for one that encrypts.</source>
      <translation>اكتبه هكذا: redis://COMPUTER:6379/0، أو rediss:// لخادم مشفَّر.</translation>
    </message>
    <message>
      <source>Writes the layers beside each result</source>
      <translation>يكتب الطبقات بجوار كل نتيجة</translation>
    </message>
    <message>
      <source>Writes what was generated into the file</source>
      <translation>يكتب في الملف ما جرى توليده</translation>
    </message>
    <message>
      <source>Writing the files</source>
      <translation>كتابة الملفات</translation>
    </message>
    <message numerus="yes">
      <source>You have {n} credits.</source>
      <translation>
        <numerusform>ليس لديك أي رصيد.</numerusform>
        <numerusform>لديك رصيد واحد.</numerusform>
        <numerusform>لديك رصيدان.</numerusform>
        <numerusform>لديك {n} أرصدة.</numerusform>
        <numerusform>لديك {n} رصيدًا.</numerusform>
        <numerusform>لديك {n} رصيد.</numerusform>
      </translation>
    </message>
    <message>
      <source>Zoom in</source>
      <translation>تكبير</translation>
    </message>
    <message>
      <source>Zoom out</source>
      <translation>تصغير</translation>
    </message>
    <message>
      <source>a generated inside</source>
      <translation>داخلاً مولَّداً</translation>
    </message>
    <message>
      <source>a person around the garment</source>
      <translation>شخصاً حول القطعة</translation>
    </message>
    <message>
      <source>about {time}</source>
      <translation>نحو {time}</translation>
    </message>
    <message>
      <source>ai-edge-litert cannot be loaded ({}).</source>
      <translation>تعذّر تحميل ai-edge-litert ({}).</translation>
    </message>
    <message>
      <source>any number of watched folders</source>
      <translation>أي عدد من المجلدات المراقَبة</translation>
    </message>
    <message>
      <source>as in the photo</source>
      <translation>كما في الصورة</translation>
    </message>
    <message>
      <source>background</source>
      <translation>الخلفية</translation>
    </message>
    <message numerus="yes">
      <source>beyond a queue of {n}</source>
      <translation>
        <numerusform>عندما ينتظر شيء</numerusform>
        <numerusform>عندما يتجاوز الطابور صورة واحدة</numerusform>
        <numerusform>عندما يتجاوز الطابور صورتين</numerusform>
        <numerusform>عندما يتجاوز الطابور {n} صور</numerusform>
        <numerusform>عندما يتجاوز الطابور {n} صورة</numerusform>
        <numerusform>عندما يتجاوز الطابور {n} صورة</numerusform>
      </translation>
    </message>
    <message>
      <source>body pose from a reference photo</source>
      <translation>وضعية الجسم من صورة مرجعية</translation>
    </message>
    <message>
      <source>body pose from a reference photo; taken before ViTPose and BlazePose once its licence is accepted</source>
      <translation>وضعية الجسم من صورة مرجعية؛ تُستعمل قبل ViTPose وBlazePose بعد قبول رخصتها</translation>
    </message>
    <message>
      <source>c2pa-python not installed</source>
      <translation>c2pa-python غير مثبّت</translation>
    </message>
    <message>
      <source>cannot be reached</source>
      <translation>تعذّر الوصول إليه</translation>
    </message>
    <message>
      <source>cannot be told on this system</source>
      <translation>لا يُعرف على هذا النظام</translation>
    </message>
    <message>
      <source>colour profile</source>
      <translation>ملف تعريف الألوان</translation>
    </message>
    <message>
      <source>cut by the frame</source>
      <translation>مقطوعة بحافة الإطار</translation>
    </message>
    <message>
      <source>decodes in half precision without overflow</source>
      <translation>يفك الترميز بنصف الدقة دون فيض</translation>
    </message>
    <message>
      <source>did not answer in time</source>
      <translation>لم يُجب في الوقت المناسب</translation>
    </message>
    <message>
      <source>disputed</source>
      <translation>متنازع عليه</translation>
    </message>
    <message>
      <source>done</source>
      <translation>تم</translation>
    </message>
    <message>
      <source>enlarges what was generated</source>
      <translation>يكبّر ما جرى توليده</translation>
    </message>
    <message>
      <source>enlarges what was generated, fast</source>
      <translation>يكبّر ما جرى توليده بسرعة</translation>
    </message>
    <message>
      <source>enlarges what was generated; the same network from the Python package index</source>
      <translation>يكبّر ما جرى توليده؛ الشبكة نفسها من فهرس حزم بايثون</translation>
    </message>
    <message>
      <source>file type</source>
      <translation>نوع الملف</translation>
    </message>
    <message>
      <source>files are signed on this computer</source>
      <translation>تُوقَّع الملفات على هذا الحاسوب</translation>
    </message>
    <message>
      <source>finds the face of a generated figure, on the processor</source>
      <translation>يجد وجه الشخصية المولَّدة، على المعالج</translation>
    </message>
    <message>
      <source>garment mask from clicks and regions</source>
      <translation>قناع القطعة من النقرات والمناطق</translation>
    </message>
    <message>
      <source>garment mask from clicks and regions, best edges</source>
      <translation>قناع القطعة من النقرات والمناطق، بأفضل الحواف</translation>
    </message>
    <message>
      <source>garment mask from clicks and regions, small cards</source>
      <translation>قناع القطعة من النقرات والمناطق، للبطاقات الصغيرة</translation>
    </message>
    <message>
      <source>height</source>
      <translation>الارتفاع</translation>
    </message>
    <message>
      <source>holds the figure in the pose</source>
      <translation>يثبّت الشخصية في الوضعية</translation>
    </message>
    <message>
      <source>holds the figure of SD 1.5 in the pose</source>
      <translation>يثبّت شخصية SD 1.5 في الوضعية</translation>
    </message>
    <message>
      <source>however many wait</source>
      <translation>مهما كان عدد المنتظرة</translation>
    </message>
    <message>
      <source>invisible mannequin</source>
      <translation>مانيكان غير مرئي</translation>
    </message>
    <message>
      <source>keyring {}</source>
      <translation>‏keyring {}</translation>
    </message>
    <message>
      <source>lacks {}</source>
      <translation>ينقصه {}</translation>
    </message>
    <message>
      <source>longer side</source>
      <translation>الضلع الأطول</translation>
    </message>
    <message>
      <source>matte of the foreground</source>
      <translation>قناع ناعم للمقدمة</translation>
    </message>
    <message>
      <source>matte of the foreground, small cards</source>
      <translation>قناع ناعم للمقدمة، للبطاقات الصغيرة</translation>
    </message>
    <message>
      <source>metadata</source>
      <translation>البيانات الوصفية</translation>
    </message>
    <message>
      <source>modamoda doctor says what it needs; if nothing is missing, switch it off in the settings.</source>
      <translation>يذكر الأمر modamoda doctor ما يلزمه؛ وإن لم ينقص شيء فأوقف التجميع في الإعدادات.</translation>
    </message>
    <message>
      <source>name of the file</source>
      <translation>اسم الملف</translation>
    </message>
    <message>
      <source>names no job</source>
      <translation>لا يسمّي مهمة</translation>
    </message>
    <message>
      <source>names several jobs</source>
      <translation>يسمّي عدة مهام</translation>
    </message>
    <message>
      <source>names the garment and ranks candidate masks</source>
      <translation>يسمّي القطعة ويرتّب الأقنعة المرشحة</translation>
    </message>
    <message>
      <source>none found</source>
      <translation>لا شيء</translation>
    </message>
    <message>
      <source>none in {}</source>
      <translation>لا شيء في {}</translation>
    </message>
    <message>
      <source>not installed</source>
      <translation>غير مثبّت</translation>
    </message>
    <message>
      <source>not paid</source>
      <translation>لم يُدفع</translation>
    </message>
    <message>
      <source>number of pixels</source>
      <translation>عدد البكسلات</translation>
    </message>
    <message>
      <source>on its way</source>
      <translation>في الطريق</translation>
    </message>
    <message>
      <source>onnxruntime {}, on the processor</source>
      <translation>onnxruntime {} على المعالج</translation>
    </message>
    <message>
      <source>partly refunded</source>
      <translation>أُعيد جزء من المبلغ</translation>
    </message>
    <message>
      <source>possible, Triton {}</source>
      <translation>ممكن، Triton {}</translation>
    </message>
    <message>
      <source>proportions</source>
      <translation>نسبة الأبعاد</translation>
    </message>
    <message>
      <source>refunded</source>
      <translation>أُعيد المبلغ</translation>
    </message>
    <message>
      <source>remains of the mannequin</source>
      <translation>بقايا المانيكان</translation>
    </message>
    <message>
      <source>rendering on a farm</source>
      <translation>المعالجة على مزرعة حواسيب</translation>
    </message>
    <message>
      <source>resolution</source>
      <translation>الدقة</translation>
    </message>
    <message>
      <source>restores the face of a generated figure</source>
      <translation>يرمّم وجه الشخصية المولَّدة</translation>
    </message>
    <message>
      <source>results on several computers</source>
      <translation>النتائج على عدة حواسيب</translation>
    </message>
    <message>
      <source>see the package</source>
      <translation>انظر الحزمة</translation>
    </message>
    <message>
      <source>shadow</source>
      <translation>الظل</translation>
    </message>
    <message>
      <source>share of the frame</source>
      <translation>نسبة الإطار</translation>
    </message>
    <message>
      <source>shows the garment to SD 1.5</source>
      <translation>يعرض القطعة على SD 1.5</translation>
    </message>
    <message>
      <source>shows the garment to the generator</source>
      <translation>يُري القطعة للمولّد</translation>
    </message>
    <message>
      <source>size of the file</source>
      <translation>حجم الملف</translation>
    </message>
    <message>
      <source>the disk has no room for that</source>
      <translation>لا متسع لذلك على القرص</translation>
    </message>
    <message>
      <source>the figure around the garment</source>
      <translation>الشخصية حول القطعة</translation>
    </message>
    <message>
      <source>the figure around the garment on small cards, where SDXL is not here</source>
      <translation>الشخصية حول القطعة على البطاقات الصغيرة، حيث لا يوجد SDXL</translation>
    </message>
    <message>
      <source>the figure was scaled by {} (Lanczos)</source>
      <translation>كُبّرت الشخصية {} مرة (Lanczos)</translation>
    </message>
    <message>
      <source>the figure was scaled by {} ({})</source>
      <translation>كُبّرت الشخصية {} مرة ({})</translation>
    </message>
    <message>
      <source>the inside of the garment where no photo shows it</source>
      <translation>داخل القطعة حيث لا تُظهره صورة</translation>
    </message>
    <message>
      <source>the program cannot write to {}</source>
      <translation>لا يستطيع البرنامج الكتابة في {}</translation>
    </message>
    <message>
      <source>the studio engine is not installed</source>
      <translation>محرك الاستوديو غير مثبَّت</translation>
    </message>
    <message>
      <source>this computer</source>
      <translation>هذا الحاسوب</translation>
    </message>
    <message>
      <source>torch for Windows comes without it: pip install triton-windows, or leave compiling off.</source>
      <translation>يأتي torch لنظام ويندوز بدونه: pip install triton-windows، أو اترك التجميع متوقفًا.</translation>
    </message>
    <message>
      <source>torch {}</source>
      <translation>torch {}</translation>
    </message>
    <message>
      <source>transparency</source>
      <translation>الشفافية</translation>
    </message>
    <message>
      <source>until {when}</source>
      <translation>حتى {when}</translation>
    </message>
    <message>
      <source>waits for the payment</source>
      <translation>ينتظر الدفع</translation>
    </message>
    <message>
      <source>whereabouts the foreground is, where BiRefNet is not here</source>
      <translation>موضع ما في المقدمة تقريباً، حيث لا يوجد BiRefNet</translation>
    </message>
    <message>
      <source>while there is no graphics card</source>
      <translation>ما دامت بطاقة الرسوميات غائبة</translation>
    </message>
    <message>
      <source>width</source>
      <translation>العرض</translation>
    </message>
    <message>
      <source>worn by a person</source>
      <translation>يرتديها شخص</translation>
    </message>
    <message>
      <source>{changed} of {total} garment pixels changed</source>
      <translation>تغيّر {changed} من {total} من بكسلات القطعة</translation>
    </message>
    <message>
      <source>{done} done, {review} to review, {failed} failed</source>
      <translation>تمّت {done}، وللمراجعة {review}، وفشلت {failed}</translation>
    </message>
    <message numerus="yes">
      <source>{done} of {n} done</source>
      <translation>
        <numerusform>لا شيء</numerusform>
        <numerusform>تمّت {done} من واحدة</numerusform>
        <numerusform>تمّت {done} من اثنتين</numerusform>
        <numerusform>تمّت {done} من {n}</numerusform>
        <numerusform>تمّت {done} من {n}</numerusform>
        <numerusform>تمّت {done} من {n}</numerusform>
      </translation>
    </message>
    <message>
      <source>{email} is signed in on this computer.</source>
      <translation>تم تسجيل دخول {email} على هذا الحاسوب.</translation>
    </message>
    <message numerus="yes">
      <source>{folder}, {n} shots</source>
      <translation>
        <numerusform>{folder}، لا لقطات</numerusform>
        <numerusform>{folder}، لقطة واحدة</numerusform>
        <numerusform>{folder}، لقطتان</numerusform>
        <numerusform>{folder}، {n} لقطات</numerusform>
        <numerusform>{folder}، {n} لقطة</numerusform>
        <numerusform>{folder}، {n} لقطة</numerusform>
      </translation>
    </message>
    <message>
      <source>{here} of {size} here</source>
      <translation>{here} من {size} موجودة</translation>
    </message>
    <message>
      <source>{hours} h {minutes} min</source>
      <translation>{hours} س {minutes} د</translation>
    </message>
    <message>
      <source>{licence} limits commercial use. To accept it, type: {id}</source>
      <translation>‏{licence} يقيّد الاستخدام التجاري. لقبوله اكتب: {id}</translation>
    </message>
    <message>
      <source>{number} %</source>
      <translation>{number}٪</translation>
    </message>
    <message>
      <source>{number} min</source>
      <translation>{number} د</translation>
    </message>
    <message>
      <source>{number} px</source>
      <translation>{number} بكسل</translation>
    </message>
    <message>
      <source>{number} s</source>
      <translation>{number} ث</translation>
    </message>
    <message numerus="yes">
      <source>{n} break a rule of their channel and stand under _review.</source>
      <translation>
        <numerusform>لا ملف يخالف قواعد قناته.</numerusform>
        <numerusform>ملف واحد يخالف قاعدة من قواعد قناته وهو في ‎_review.</numerusform>
        <numerusform>ملفان يخالفان قواعد قناتيهما وهما في ‎_review.</numerusform>
        <numerusform>{n} ملفات تخالف قواعد قنواتها وهي في ‎_review.</numerusform>
        <numerusform>{n} ملفاً يخالف قواعد قناته وهو في ‎_review.</numerusform>
        <numerusform>{n} ملف يخالف قواعد قناته وهو في ‎_review.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} corrections</source>
      <translation>
        <numerusform>لا تصحيحات</numerusform>
        <numerusform>تصحيح واحد</numerusform>
        <numerusform>تصحيحان</numerusform>
        <numerusform>{n} تصحيحات</numerusform>
        <numerusform>{n} تصحيحاً</numerusform>
        <numerusform>{n} تصحيح</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} credits</source>
      <translation>
        <numerusform>لا أرصدة</numerusform>
        <numerusform>رصيد واحد</numerusform>
        <numerusform>رصيدان</numerusform>
        <numerusform>{n} أرصدة</numerusform>
        <numerusform>{n} رصيدًا</numerusform>
        <numerusform>{n} رصيد</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} credits wait for their payment. They arrive here by themselves.</source>
      <translation>
        <numerusform>لا أرصدة تنتظر الدفع.</numerusform>
        <numerusform>رصيد واحد ينتظر الدفع. يصل إلى هنا تلقائيًا.</numerusform>
        <numerusform>رصيدان ينتظران الدفع. يصلان إلى هنا تلقائيًا.</numerusform>
        <numerusform>{n} أرصدة تنتظر الدفع. تصل إلى هنا تلقائيًا.</numerusform>
        <numerusform>{n} رصيدًا ينتظر الدفع. تصل إلى هنا تلقائيًا.</numerusform>
        <numerusform>{n} رصيد ينتظر الدفع. تصل إلى هنا تلقائيًا.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} decisions stay as they are</source>
      <translation>
        <numerusform>لا قرارات تبقى كما هي</numerusform>
        <numerusform>قرار واحد يبقى كما هو</numerusform>
        <numerusform>قراران يبقيان كما هما</numerusform>
        <numerusform>{n} قرارات تبقى كما هي</numerusform>
        <numerusform>{n} قرارًا يبقى كما هو</numerusform>
        <numerusform>{n} قرار يبقى كما هو</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} done</source>
      <translation>
        <numerusform>لم يتم شيء</numerusform>
        <numerusform>تمّت واحدة</numerusform>
        <numerusform>تمّت اثنتان</numerusform>
        <numerusform>تمّت {n}</numerusform>
        <numerusform>تمّت {n}</numerusform>
        <numerusform>تمّت {n}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} failed</source>
      <translation>
        <numerusform>لم يفشل شيء</numerusform>
        <numerusform>فشلت واحدة</numerusform>
        <numerusform>فشلت اثنتان</numerusform>
        <numerusform>فشلت {n}</numerusform>
        <numerusform>فشلت {n}</numerusform>
        <numerusform>فشلت {n}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} files stand in {folder}.</source>
      <translation>
        <numerusform>لا ملفات في {folder}.</numerusform>
        <numerusform>ملف واحد في {folder}.</numerusform>
        <numerusform>ملفان في {folder}.</numerusform>
        <numerusform>{n} ملفات في {folder}.</numerusform>
        <numerusform>{n} ملفاً في {folder}.</numerusform>
        <numerusform>{n} ملف في {folder}.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} files wait to be sent.</source>
      <translation>
        <numerusform>لا ملفات تنتظر الإرسال.</numerusform>
        <numerusform>ملف واحد ينتظر الإرسال.</numerusform>
        <numerusform>ملفان ينتظران الإرسال.</numerusform>
        <numerusform>{n} ملفات تنتظر الإرسال.</numerusform>
        <numerusform>{n} ملفًا ينتظر الإرسال.</numerusform>
        <numerusform>{n} ملف ينتظر الإرسال.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} garments</source>
      <translation>
        <numerusform>لا قطع</numerusform>
        <numerusform>قطعة واحدة</numerusform>
        <numerusform>قطعتان</numerusform>
        <numerusform>{n} قطع</numerusform>
        <numerusform>{n} قطعة</numerusform>
        <numerusform>{n} قطعة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} of them are used</source>
      <translation>
        <numerusform>لم يُستخدم منها شيء</numerusform>
        <numerusform>استُخدم منها واحد</numerusform>
        <numerusform>استُخدم منها اثنان</numerusform>
        <numerusform>استُخدم منها {n}</numerusform>
        <numerusform>استُخدم منها {n}</numerusform>
        <numerusform>استُخدم منها {n}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} of those selected are not finished and approved yet and are left out.</source>
      <translation>
        <numerusform>لم تُترك أي لقطة من المحددة.</numerusform>
        <numerusform>لقطة واحدة من المحددة لم تُنجز وتُعتمد بعد فتُترك.</numerusform>
        <numerusform>لقطتان من المحددة لم تُنجزا وتُعتمدا بعد فتُتركان.</numerusform>
        <numerusform>{n} لقطات من المحددة لم تُنجز وتُعتمد بعد فتُترك.</numerusform>
        <numerusform>{n} لقطة من المحددة لم تُنجز وتُعتمد بعد فتُترك.</numerusform>
        <numerusform>{n} لقطة من المحددة لم تُنجز وتُعتمد بعد فتُترك.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} originals are back where they were.</source>
      <translation>
        <numerusform>لم يعد أي أصل.</numerusform>
        <numerusform>عاد أصل واحد إلى مكانه.</numerusform>
        <numerusform>عاد أصلان إلى مكانهما.</numerusform>
        <numerusform>عادت {n} أصول إلى مكانها.</numerusform>
        <numerusform>عاد {n} أصلاً إلى مكانه.</numerusform>
        <numerusform>عاد {n} أصل إلى مكانه.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} others can only be rendered on this computer.</source>
      <translation>
        <numerusform>لا شيء غيرها لا يُعالج إلا على هذا الحاسوب.</numerusform>
        <numerusform>صورة أخرى لا تُعالج إلا على هذا الحاسوب.</numerusform>
        <numerusform>صورتان أخريان لا تُعالجان إلا على هذا الحاسوب.</numerusform>
        <numerusform>{n} صور أخرى لا تُعالج إلا على هذا الحاسوب.</numerusform>
        <numerusform>{n} صورة أخرى لا تُعالج إلا على هذا الحاسوب.</numerusform>
        <numerusform>{n} صورة أخرى لا تُعالج إلا على هذا الحاسوب.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} owed: the next credits pay them first.</source>
      <translation>
        <numerusform>لا دين.</numerusform>
        <numerusform>رصيد واحد مستحق: تسدّده الأرصدة القادمة أولًا.</numerusform>
        <numerusform>رصيدان مستحقان: تسدّدهما الأرصدة القادمة أولًا.</numerusform>
        <numerusform>{n} أرصدة مستحقة: تسدّدها الأرصدة القادمة أولًا.</numerusform>
        <numerusform>{n} رصيدًا مستحقًا: تسدّدها الأرصدة القادمة أولًا.</numerusform>
        <numerusform>{n} رصيد مستحق: تسدّدها الأرصدة القادمة أولًا.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos are rendered by the service.</source>
      <translation>
        <numerusform>لا صور تعالجها الخدمة.</numerusform>
        <numerusform>صورة واحدة تعالجها الخدمة.</numerusform>
        <numerusform>صورتان تعالجهما الخدمة.</numerusform>
        <numerusform>{n} صور تعالجها الخدمة.</numerusform>
        <numerusform>{n} صورة تعالجها الخدمة.</numerusform>
        <numerusform>{n} صورة تعالجها الخدمة.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos failed</source>
      <translation>
        <numerusform>لم تفشل أي صورة</numerusform>
        <numerusform>فشلت صورة واحدة</numerusform>
        <numerusform>فشلت صورتان</numerusform>
        <numerusform>فشلت {n} صور</numerusform>
        <numerusform>فشلت {n} صورة</numerusform>
        <numerusform>فشلت {n} صورة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos of an inside have no front</source>
      <translation>
        <numerusform>لا صور داخل بلا أمام</numerusform>
        <numerusform>صورة داخل واحدة بلا أمام</numerusform>
        <numerusform>صورتا داخل بلا أمام</numerusform>
        <numerusform>{n} صور داخل بلا أمام</numerusform>
        <numerusform>{n} صورة داخل بلا أمام</numerusform>
        <numerusform>{n} صورة داخل بلا أمام</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos wait in this computer's queue.</source>
      <translation>
        <numerusform>لا صور تنتظر في طابور هذا الحاسوب.</numerusform>
        <numerusform>صورة واحدة تنتظر في طابور هذا الحاسوب.</numerusform>
        <numerusform>صورتان تنتظران في طابور هذا الحاسوب.</numerusform>
        <numerusform>{n} صور تنتظر في طابور هذا الحاسوب.</numerusform>
        <numerusform>{n} صورة تنتظر في طابور هذا الحاسوب.</numerusform>
        <numerusform>{n} صورة تنتظر في طابور هذا الحاسوب.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos were finished with this recipe before and were skipped.</source>
      <translation>
        <numerusform>لم تُتخطَّ أي صورة.</numerusform>
        <numerusform>صورة واحدة أُنجزت بهذه الوصفة من قبل فتُخطّيت.</numerusform>
        <numerusform>صورتان أُنجزتا بهذه الوصفة من قبل فتُخطّيتا.</numerusform>
        <numerusform>{n} صور أُنجزت بهذه الوصفة من قبل فتُخطّيت.</numerusform>
        <numerusform>{n} صورة أُنجزت بهذه الوصفة من قبل فتُخطّيت.</numerusform>
        <numerusform>{n} صورة أُنجزت بهذه الوصفة من قبل فتُخطّيت.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} photos were left from the last time.</source>
      <translation>
        <numerusform>لا صور باقية.</numerusform>
        <numerusform>بقيت صورة واحدة من المرة السابقة.</numerusform>
        <numerusform>بقيت صورتان من المرة السابقة.</numerusform>
        <numerusform>بقيت {n} صور من المرة السابقة.</numerusform>
        <numerusform>بقيت {n} صورة من المرة السابقة.</numerusform>
        <numerusform>بقيت {n} صورة من المرة السابقة.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} reserved for renderings under way.</source>
      <translation>
        <numerusform>لا شيء محجوز.</numerusform>
        <numerusform>رصيد واحد محجوز لمعالجة جارية.</numerusform>
        <numerusform>رصيدان محجوزان لمعالجات جارية.</numerusform>
        <numerusform>{n} أرصدة محجوزة لمعالجات جارية.</numerusform>
        <numerusform>{n} رصيدًا محجوزًا لمعالجات جارية.</numerusform>
        <numerusform>{n} رصيد محجوز لمعالجات جارية.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results</source>
      <translation>
        <numerusform>لا نتائج</numerusform>
        <numerusform>نتيجة واحدة</numerusform>
        <numerusform>نتيجتان</numerusform>
        <numerusform>{n} نتائج</numerusform>
        <numerusform>{n} نتيجة</numerusform>
        <numerusform>{n} نتيجة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results do not show them yet.</source>
      <translation>
        <numerusform>لا نتيجة تنقصها.</numerusform>
        <numerusform>نتيجة واحدة لا تُظهرها بعد.</numerusform>
        <numerusform>نتيجتان لا تُظهرانها بعد.</numerusform>
        <numerusform>{n} نتائج لا تُظهرها بعد.</numerusform>
        <numerusform>{n} نتيجة لا تُظهرها بعد.</numerusform>
        <numerusform>{n} نتيجة لا تُظهرها بعد.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results have no master and are left out.</source>
      <translation>
        <numerusform>لكل نتيجة أصلها الرئيسي.</numerusform>
        <numerusform>نتيجة واحدة بلا أصل رئيسي تُستبعد.</numerusform>
        <numerusform>نتيجتان بلا أصل رئيسي تُستبعدان.</numerusform>
        <numerusform>{n} نتائج بلا أصل رئيسي تُستبعد.</numerusform>
        <numerusform>{n} نتيجة بلا أصل رئيسي تُستبعد.</numerusform>
        <numerusform>{n} نتيجة بلا أصل رئيسي تُستبعد.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results have no master and were left out.</source>
      <translation>
        <numerusform>لم تُترك أي نتيجة.</numerusform>
        <numerusform>نتيجة واحدة بلا أصل رئيسي فتُركت.</numerusform>
        <numerusform>نتيجتان بلا أصل رئيسي فتُركتا.</numerusform>
        <numerusform>{n} نتائج بلا أصل رئيسي فتُركت.</numerusform>
        <numerusform>{n} نتيجة بلا أصل رئيسي فتُركت.</numerusform>
        <numerusform>{n} نتيجة بلا أصل رئيسي فتُركت.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results stay in review</source>
      <translation>
        <numerusform>لا نتائج تبقى في المراجعة</numerusform>
        <numerusform>نتيجة واحدة تبقى في المراجعة</numerusform>
        <numerusform>نتيجتان تبقيان في المراجعة</numerusform>
        <numerusform>{n} نتائج تبقى في المراجعة</numerusform>
        <numerusform>{n} نتيجة تبقى في المراجعة</numerusform>
        <numerusform>{n} نتيجة تبقى في المراجعة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} results to review</source>
      <translation>
        <numerusform>لا نتائج للمراجعة</numerusform>
        <numerusform>نتيجة واحدة للمراجعة</numerusform>
        <numerusform>نتيجتان للمراجعة</numerusform>
        <numerusform>{n} نتائج للمراجعة</numerusform>
        <numerusform>{n} نتيجة للمراجعة</numerusform>
        <numerusform>{n} نتيجة للمراجعة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots</source>
      <translation>
        <numerusform>لا لقطات</numerusform>
        <numerusform>لقطة واحدة</numerusform>
        <numerusform>لقطتان</numerusform>
        <numerusform>{n} لقطات</numerusform>
        <numerusform>{n} لقطة</numerusform>
        <numerusform>{n} لقطة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots are looked at.</source>
      <translation>
        <numerusform>لا لقطات لفحصها.</numerusform>
        <numerusform>تُفحص لقطة واحدة.</numerusform>
        <numerusform>تُفحص لقطتان.</numerusform>
        <numerusform>تُفحص {n} لقطات.</numerusform>
        <numerusform>تُفحص {n} لقطة.</numerusform>
        <numerusform>تُفحص {n} لقطة.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} shots ready</source>
      <translation>
        <numerusform>لا لقطات جاهزة</numerusform>
        <numerusform>لقطة واحدة جاهزة</numerusform>
        <numerusform>لقطتان جاهزتان</numerusform>
        <numerusform>{n} لقطات جاهزة</numerusform>
        <numerusform>{n} لقطة جاهزة</numerusform>
        <numerusform>{n} لقطة جاهزة</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} stayed, because another file has their name.</source>
      <translation>
        <numerusform>لم يبق شيء.</numerusform>
        <numerusform>بقي واحد لأن ملفاً آخر يحمل اسمه.</numerusform>
        <numerusform>بقي اثنان لأن ملفين آخرين يحملان اسميهما.</numerusform>
        <numerusform>بقيت {n} لأن ملفات أخرى تحمل أسماءها.</numerusform>
        <numerusform>بقي {n} لأن ملفات أخرى تحمل أسماءها.</numerusform>
        <numerusform>بقي {n} لأن ملفات أخرى تحمل أسماءها.</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} to do</source>
      <translation>
        <numerusform>لم يبق شيء</numerusform>
        <numerusform>بقيت واحدة</numerusform>
        <numerusform>بقيت اثنتان</numerusform>
        <numerusform>بقيت {n}</numerusform>
        <numerusform>بقيت {n}</numerusform>
        <numerusform>بقيت {n}</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>{n} to review</source>
      <translation>
        <numerusform>لا شيء للمراجعة</numerusform>
        <numerusform>واحدة للمراجعة</numerusform>
        <numerusform>اثنتان للمراجعة</numerusform>
        <numerusform>{n} للمراجعة</numerusform>
        <numerusform>{n} للمراجعة</numerusform>
        <numerusform>{n} للمراجعة</numerusform>
      </translation>
    </message>
    <message>
      <source>{path} is not there any more.</source>
      <translation>لم يعد {path} موجوداً.</translation>
    </message>
    <message>
      <source>{percent} of the picture was made up</source>
      <translation>{percent} من الصورة مُستحدَث</translation>
    </message>
    <message>
      <source>{percent} · {time} left</source>
      <translation>{percent} · بقي {time}</translation>
    </message>
    <message>
      <source>{preset} (changed)</source>
      <translation>{preset} (معدَّل)</translation>
    </message>
    <message>
      <source>{recipe}, {when}</source>
      <translation>{recipe}، {when}</translation>
    </message>
    <message>
      <source>{size} on this disk</source>
      <translation>{size} على هذا القرص</translation>
    </message>
    <message>
      <source>{time}  {photo}: {what}</source>
      <translation>{time}  {photo}: {what}</translation>
    </message>
    <message>
      <source>{time} left</source>
      <translation>بقي {time}</translation>
    </message>
    <message>
      <source>{title}. {text}</source>
      <translation>{title}. {text}</translation>
    </message>
    <message>
      <source>{} ({} MB) ran out of memory even with nothing else in it.</source>
      <translation>نفدت ذاكرة {} ({} م.ب) حتى من غير أي شيء آخر فيها.</translation>
    </message>
    <message>
      <source>{} ({} MB) ran out of memory even with {}.</source>
      <translation>نفدت ذاكرة {} ({} م.ب) حتى مع {}.</translation>
    </message>
    <message>
      <source>{} ({}) failed its test: {}.</source>
      <translation>فشل اختبار {} ({}): {}.</translation>
    </message>
    <message>
      <source>{} ({}) is not complete in {}.</source>
      <translation>{} ({}) غير مكتمل في {}.</translation>
    </message>
    <message>
      <source>{} GB</source>
      <translation>{} غ.ب</translation>
    </message>
    <message>
      <source>{} GB are enough for photos of 100 megapixels; work on smaller ones here.</source>
      <translation>{} غ.ب تكفي صوراً من 100 ميغابكسل؛ اعمل هنا على أصغر منها.</translation>
    </message>
    <message>
      <source>{} GB free for {}</source>
      <translation>{} غ.ب متاحة لـ{}</translation>
    </message>
    <message>
      <source>{} MB, shipped with the program</source>
      <translation>{} م.ب، تأتي مع البرنامج</translation>
    </message>
    <message>
      <source>{} begins as {} but cannot be read to its end: it is cut short, damaged or of a rare kind.</source>
      <translation>تبدأ {} كملف {} لكن لا تُقرأ إلى آخرها: مبتورة أو تالفة أو من نوع نادر.</translation>
    </message>
    <message>
      <source>{} cannot answer at the moment ({}).</source>
      <translation>لا يستطيع {} الإجابة الآن ({}).</translation>
    </message>
    <message>
      <source>{} cannot be a file's name.</source>
      <translation>لا يصلح {} اسماً لملف.</translation>
    </message>
    <message>
      <source>{} cannot be a name.</source>
      <translation>لا يصلح {} اسمًا.</translation>
    </message>
    <message>
      <source>{} cannot be bought.</source>
      <translation>لا يمكن شراء {}.</translation>
    </message>
    <message>
      <source>{} cannot be made: {}.</source>
      <translation>تعذر إنشاء {}: {}.</translation>
    </message>
    <message>
      <source>{} cannot be read any more.</source>
      <translation>لم تعد قراءة {} ممكنة.</translation>
    </message>
    <message>
      <source>{} cannot be read.</source>
      <translation>تعذّرت قراءة {}.</translation>
    </message>
    <message>
      <source>{} cannot be read: {}.</source>
      <translation>لا يمكن قراءة {}: {}.</translation>
    </message>
    <message>
      <source>{} cannot be used: {}.</source>
      <translation>لا يمكن استخدام {}: {}.</translation>
    </message>
    <message>
      <source>{} could not be asked to give {} back; it hears of it as soon as it can be reached.</source>
      <translation>تعذّر أن يُطلب من {} ردّ {}؛ ستعلم بذلك حالما يمكن الوصول إليها.</translation>
    </message>
    <message>
      <source>{} could not be brought from schema {} to {}; it stays as it was, a copy is {}.</source>
      <translation>تعذّر نقل {} من المخطط {} إلى {}؛ بقي كما كان، ونسخة منه هي {}.</translation>
    </message>
    <message>
      <source>{} could not be copied whole.</source>
      <translation>تعذر نسخ {} كاملًا.</translation>
    </message>
    <message>
      <source>{} could not be finished. This is a fault of the program, not of the photo.</source>
      <translation>لم تكتمل {}. هذا خلل في البرنامج لا في الصورة.</translation>
    </message>
    <message>
      <source>{} could not be laid over {}; the inside was made from the garment's fabric.</source>
      <translation>تعذّر وضع {} على {}؛ بُني الداخل من قماش القطعة.</translation>
    </message>
    <message>
      <source>{} could not be read back after it was written.</source>
      <translation>تعذّرت قراءة {} بعد كتابتها.</translation>
    </message>
    <message>
      <source>{} could not be signed: {}.</source>
      <translation>تعذّر توقيع {}: {}.</translation>
    </message>
    <message>
      <source>{} could not be written: {}.</source>
      <translation>تعذّرت كتابة {}: {}.</translation>
    </message>
    <message>
      <source>{} did not arrive as the account keeps it; nothing of it was kept here.</source>
      <translation>لم يصل {} كما يحفظه الحساب؛ لم يُحتفظ بشيء منه هنا.</translation>
    </message>
    <message>
      <source>{} does not allow writing {}.</source>
      <translation>لا يسمح {} بكتابة {}.</translation>
    </message>
    <message>
      <source>{} does not answer any more; {} is given to another one.</source>
      <translation>لم يعد {} يجيب؛ أُعطيت {} لعامل آخر.</translation>
    </message>
    <message>
      <source>{} does not exist (any more).</source>
      <translation>{} غير موجودة.</translation>
    </message>
    <message>
      <source>{} does not exist.</source>
      <translation>{} غير موجود.</translation>
    </message>
    <message>
      <source>{} does not show a valid certificate: {}.</source>
      <translation>لا يُظهر {} شهادة صالحة: {}.</translation>
    </message>
    <message>
      <source>{} does not wait here: only what waits can be sent.</source>
      <translation>{} ليست في الانتظار هنا: لا يُرسل إلا ما ينتظر.</translation>
    </message>
    <message>
      <source>{} has a wrong entry {}: {}.</source>
      <translation>في {} مدخل خاطئ {}: {}.</translation>
    </message>
    <message>
      <source>{} has no garment or no pose yet.</source>
      <translation>لا قطعة أو لا وضعية في {} بعد.</translation>
    </message>
    <message>
      <source>{} has not enough free memory for this photo.</source>
      <translation>ليس على {} ذاكرة حرة تكفي هذه الصورة.</translation>
    </message>
    <message>
      <source>{} has not what the job needs ({}).</source>
      <translation>ليس عند {} ما تحتاج إليه المهمة ({}).</translation>
    </message>
    <message>
      <source>{} has {} MB a job, this one needs {} MB.</source>
      <translation>عند {} ما قدره {} م.ب لكل مهمة، وهذه تحتاج {} م.ب.</translation>
    </message>
    <message>
      <source>{} has {} x {} pixels, too narrow a strip to hold a garment.</source>
      <translation>في {} ‏{} × {} بكسل، شريط أضيق من أن يحوي قطعة.</translation>
    </message>
    <message>
      <source>{} has {} x {} pixels; a garment cannot be told in it.</source>
      <translation>في {} ‏{} × {} بكسل؛ لا تُميَّز فيها قطعة.</translation>
    </message>
    <message>
      <source>{} holds its colours in a space that photographs are not finished in.</source>
      <translation>ألوان {} في فضاء لوني لا تُنجز به الصور.</translation>
    </message>
    <message>
      <source>{} holds no Segment Anything 2 network ({}).</source>
      <translation>لا توجد في {} شبكة Segment Anything 2 ({}).</translation>
    </message>
    <message>
      <source>{} holds no bytes at all.</source>
      <translation>{} لا يحوي أي بايت.</translation>
    </message>
    <message>
      <source>{} holds no certificate.</source>
      <translation>لا شهادة في {}.</translation>
    </message>
    <message>
      <source>{} holds pixels of type {}, which photographs are not finished in.</source>
      <translation>في {} بكسلات من نوع {} لا تُنجز به الصور.</translation>
    </message>
    <message>
      <source>{} in {}</source>
      <translation>{} في {}</translation>
    </message>
    <message>
      <source>{} is a built-in recipe.</source>
      <translation>{} وصفة مضمّنة.</translation>
    </message>
    <message>
      <source>{} is a file, no folder for data</source>
      <translation>{} ملف وليس مجلداً للبيانات</translation>
    </message>
    <message>
      <source>{} is a folder, not a recipe.</source>
      <translation>{} مجلد وليس وصفة.</translation>
    </message>
    <message>
      <source>{} is a folder.</source>
      <translation>{} مجلد.</translation>
    </message>
    <message>
      <source>{} is a link that leads back to itself.</source>
      <translation>{} رابط يعود إلى نفسه.</translation>
    </message>
    <message>
      <source>{} is a pose of the program.</source>
      <translation>{} وضعية من وضعيات البرنامج.</translation>
    </message>
    <message>
      <source>{} is an HDR picture (PQ or HLG), whose brightness no finished file can hold.</source>
      <translation>{} صورة HDR (PQ أو HLG)، ولا يتسع أي ملف منجز لسطوعها.</translation>
    </message>
    <message>
      <source>{} is an animation; a photograph is one picture.</source>
      <translation>{} صورة متحركة؛ الصورة الفوتوغرافية واحدة.</translation>
    </message>
    <message>
      <source>{} is away; the photos on the farm wait for it.</source>
      <translation>{} غائب؛ والصور التي على المزرعة تنتظره.</translation>
    </message>
    <message>
      <source>{} is damaged.</source>
      <translation>{} تالف.</translation>
    </message>
    <message>
      <source>{} is done on this computer: {}</source>
      <translation>تُعالج {} على هذا الحاسوب: {}</translation>
    </message>
    <message>
      <source>{} is held by another program.</source>
      <translation>{} يستخدمه برنامج آخر.</translation>
    </message>
    <message>
      <source>{} is no sound package: {}.</source>
      <translation>{} ليست حزمة سليمة: {}.</translation>
    </message>
    <message>
      <source>{} is not a PSD of this program.</source>
      <translation>{} ليس ملف PSD من هذا البرنامج.</translation>
    </message>
    <message>
      <source>{} is not a folder.</source>
      <translation>{} ليس مجلداً.</translation>
    </message>
    <message>
      <source>{} is not a picture of a known type.</source>
      <translation>{} ليس صورة من نوع معروف.</translation>
    </message>
    <message>
      <source>{} is not a picture of a type this program reads, whatever its name says.</source>
      <translation>{} ليست صورة من نوع يقرؤه البرنامج مهما قال اسمها.</translation>
    </message>
    <message>
      <source>{} is not a pose ({}).</source>
      <translation>{} ليس وضعية ({}).</translation>
    </message>
    <message>
      <source>{} is not a watched folder.</source>
      <translation>{} ليس مجلداً مراقَباً.</translation>
    </message>
    <message>
      <source>{} is not an https address of an account service.</source>
      <translation>{} ليس عنوان https لخدمة حساب.</translation>
    </message>
    <message>
      <source>{} is not an ordinary file.</source>
      <translation>{} ليس ملفاً عادياً.</translation>
    </message>
    <message>
      <source>{} is not as it was sent.</source>
      <translation>{} ليست كما أُرسلت.</translation>
    </message>
    <message>
      <source>{} is not rendered yet.</source>
      <translation>لم تُعالَج {} بعد.</translation>
    </message>
    <message>
      <source>{} is not text in UTF-8.</source>
      <translation>{} ليس نصًا بترميز UTF-8.</translation>
    </message>
    <message>
      <source>{} is not the folder that {} on {} works with: {}.</source>
      <translation>{} ليس المجلد الذي يعمل به {} على {}: {}.</translation>
    </message>
    <message>
      <source>{} is not the name of the model {}.</source>
      <translation>{} ليس اسم النموذج {}.</translation>
    </message>
    <message>
      <source>{} is not there at the moment; nothing was lost, and work goes on when it is back.</source>
      <translation>{} غير موجود حالياً؛ لم يُفقد شيء، ويستمر العمل حين يعود.</translation>
    </message>
    <message>
      <source>{} is not there at the moment; nothing was moved.</source>
      <translation>{} غير موجود حالياً؛ لم يُنقل شيء.</translation>
    </message>
    <message>
      <source>{} is not there, or is no folder of a farm.</source>
      <translation>{} غير موجود، أو ليس مجلد مزرعة.</translation>
    </message>
    <message>
      <source>{} is under {}; it is off until you accept that by name.</source>
      <translation>{} تحت {}؛ معطّل حتى تقبله باسمه.</translation>
    </message>
    <message>
      <source>{} is watched again.</source>
      <translation>{} مراقَب من جديد.</translation>
    </message>
    <message>
      <source>{} is watched by another program at the moment.</source>
      <translation>{} يراقبه برنامج آخر حالياً.</translation>
    </message>
    <message>
      <source>{} is {} of a rare kind (compression, bits per channel, layout) that cannot be read here.</source>
      <translation>‏{} ملف {} من نوع نادر (الضغط أو عمق القنوات أو الترتيب) لا يمكن قراءته هنا.</translation>
    </message>
    <message>
      <source>{} made the farm's workers crash {} times; it was set aside.</source>
      <translation>تسببت {} في انهيار عمال المزرعة {} مرات، فنُحّيت جانبًا.</translation>
    </message>
    <message>
      <source>{} made the program crash {} times; it was set aside.</source>
      <translation>تسببت {} بانهيار البرنامج {} مرات؛ فوُضعت جانباً.</translation>
    </message>
    <message>
      <source>{} may not be read by this user.</source>
      <translation>لا يُسمح لهذا المستخدم بقراءة {}.</translation>
    </message>
    <message>
      <source>{} names its colours by code points ({}) that photographs are not finished in.</source>
      <translation>تسمّي {} ألوانها برموز ({}) لا تُنجز بها الصور.</translation>
    </message>
    <message>
      <source>{} needs more memory than is free.</source>
      <translation>تحتاج {} ذاكرة أكبر من المتاح.</translation>
    </message>
    <message>
      <source>{} needs {} MB in {}, {} MB are free.</source>
      <translation>يحتاج {} ‏{} م.ب في {} والمتاح {} م.ب.</translation>
    </message>
    <message>
      <source>{} on {} looks for photos in {}, which is not this farm's {}. What it takes from the queue is sent again.</source>
      <translation>يبحث {} على {} عن الصور في {}، وهو ليس مجلد هذه المزرعة {}. وما يأخذه من الطابور يُرسل من جديد.</translation>
    </message>
    <message>
      <source>{} photos wait: {}</source>
      <translation>صور تنتظر ({}): {}</translation>
    </message>
    <message>
      <source>{} says it has {} x {} pixels; this program reads up to {} megapixels and {} pixels a side.</source>
      <translation>تقول {} إن فيها {} × {} بكسل؛ يقرأ البرنامج حتى {} ميغابكسل و{} بكسل للضلع.</translation>
    </message>
    <message>
      <source>{} says that a person should look first.</source>
      <translation>يقول {} إن على شخص أن ينظر أولًا.</translation>
    </message>
    <message>
      <source>{} sends on to {}; the account's secrets are not taken there.</source>
      <translation>يُحيل {} إلى {}؛ لا تُؤخذ أسرار الحساب إلى هناك.</translation>
    </message>
    <message>
      <source>{} shows no garment that the program can make out.</source>
      <translation>لا تظهر في {} قطعة يميزها البرنامج.</translation>
    </message>
    <message>
      <source>{} shows no shoulders of a person.</source>
      <translation>لا تظهر في {} كتفا شخص.</translation>
    </message>
    <message>
      <source>{} shows the inside of a garment whose front is not there.</source>
      <translation>{} تُظهر داخل قطعة لا توجد صورة أمامها.</translation>
    </message>
    <message>
      <source>{} was changed after it was queued, so that its result would not be the one ordered.</source>
      <translation>تغيّرت {} بعد وضعها في الطابور، فلن تكون نتيجتها المطلوبة.</translation>
    </message>
    <message>
      <source>{} was changed, moved or deleted after it was finished, so it was not sent.</source>
      <translation>تغيّر {} أو نُقل أو حُذف بعد إنجازه فلم يُرسل.</translation>
    </message>
    <message>
      <source>{} was changed, moved or deleted since.</source>
      <translation>تغيّر {} أو نُقل أو حُذف منذ ذلك الحين.</translation>
    </message>
    <message>
      <source>{} was moved or deleted while it waited.</source>
      <translation>{} نُقلت أو حُذفت أثناء انتظارها.</translation>
    </message>
    <message>
      <source>{} was moved or deleted.</source>
      <translation>{} نُقلت أو حُذفت.</translation>
    </message>
    <message>
      <source>{} was rendered by the service, which is not sure of it.</source>
      <translation>عالجت الخدمة {} وهي غير واثقة من النتيجة.</translation>
    </message>
    <message>
      <source>{} was written by a newer Modamoda Studio (schema {}; this one knows {}).</source>
      <translation>كتب {} إصدار أحدث من Modamoda Studio (المخطط {}؛ وهذا يعرف {}).</translation>
    </message>
    <message>
      <source>{} was written to while it was being read.</source>
      <translation>كُتب في {} أثناء قراءتها.</translation>
    </message>
    <message>
      <source>{} workers were lost while they worked on {}; it was set aside.</source>
      <translation>فُقد {} من العمال وهم يعملون على {}، فنُحّيت جانبًا.</translation>
    </message>
    <message>
      <source>{} would be larger than a PSD may be.</source>
      <translation>سيكون {} أكبر مما يسمح به PSD.</translation>
    </message>
    <message>
      <source>{} would have {} pixels on its long side; {} holds {}.</source>
      <translation>سيكون في {} ‏{} بكسل على ضلعها الطويل؛ ويسع {} ‏{}.</translation>
    </message>
    <message>
      <source>{} {} could not be had: {}.</source>
      <translation>تعذر الحصول على {} {}: {}.</translation>
    </message>
    <message>
      <source>{}, program in {}, data in {}</source>
      <translation>{}، البرنامج في {}، البيانات في {}</translation>
    </message>
    <message>
      <source>{}, {} cores</source>
      <translation>{}، {} أنوية</translation>
    </message>
    <message>
      <source>{}/{} could not be fetched: {}.</source>
      <translation>تعذّر تنزيل {}/{}: {}.</translation>
    </message>
  </context>
</TS>
