//! Russian. Names of the project are not declined, so sentences put them where the nominative stands; what is more than a name
//! stands in brackets where another case would be needed.

use chrono::{Datelike, NaiveDate, Weekday};

use super::say::{Marks, Say, Wording};
use crate::syntax::ast::{Duration, Unit};

/// Russian words.
pub(super) struct Russian;

impl Wording for Russian {
    fn template(&self, say: Say) -> &'static str {
        match say {
            Say::Members => "В {0} входит каждый {1}, для которого",
            Say::AllOf => "выполнено всё перечисленное:",
            Say::AnyOf => "выполнено хотя бы одно из перечисленного:",
            Say::NotThis => "не выполнено следующее:",
            Say::NotSo => "неверно, что {0}",
            Say::NoteHolds => "выполнено условие {0}",
            Say::And => " и ",
            Say::Or => " или ",
            Say::UnknownIsOut => " (неизвестное не считается)",
            Say::UnknownIsIn => " (неизвестное тоже считается)",
            Say::IgnoringCase => " (без различия прописных и строчных букв)",
            Say::Everybody => "всегда",
            Say::Nobody => "никогда",
            Say::True => "да",
            Say::False => "нет",
            Say::Holds => "верно: {0}",
            Say::HoldsNot => "неверно: {0}",
            Say::InUnit => "{0} (в единицах: {1})",
            Say::Equal => "{0} — это {1}",
            Say::NotEqual => "{0} — не {1}",
            Say::Less => "{0} меньше, чем {1}",
            Say::AtMost => "{0} не больше, чем {1}",
            Say::More => "{0} больше, чем {1}",
            Say::AtLeast => "{0} не меньше, чем {1}",
            Say::Before => "{0} раньше, чем {1}",
            Say::NotAfter => "{0} не позже, чем {1}",
            Say::After => "{0} позже, чем {1}",
            Say::NotBefore => "{0} не раньше, чем {1}",
            Say::Shorter => "{0} короче, чем {1}",
            Say::NotLonger => "{0} не дольше, чем {1}",
            Say::Longer => "{0} дольше, чем {1}",
            Say::NotShorter => "{0} не короче, чем {1}",
            Say::Between => "{0} в пределах от [1] до [2] (обе границы включены)",
            Say::NotBetween => "{0} — не [1], не [2] и не между ними",
            Say::OneOf => "{0} — одно из значений: {1}",
            Say::NoneOf => "{0} — ни одно из значений: {1}",
            Say::Known => "{0}: значение известно",
            Say::Unknown => "{0}: значение неизвестно",
            Say::Contains => "{0} содержит [1]",
            Say::ContainsNot => "{0} не содержит [1]",
            Say::StartsWith => "{0} начинается на [1]",
            Say::StartsNotWith => "{0} не начинается на [1]",
            Say::EndsWith => "{0} заканчивается на [1]",
            Say::EndsNotWith => "{0} не заканчивается на [1]",
            Say::Like => "{0} подходит под образец [1] (% — любой текст, _ — любой один знак)",
            Say::LikeNot => "{0} не подходит под образец [1] (% — любой текст, _ — любой один знак)",
            Say::Matches => "в {0} есть совпадение с регулярным выражением [1]",
            Say::MatchesNot => "в {0} нет совпадения с регулярным выражением [1]",
            Say::ContainsAny => "{0} содержит хотя бы одно из: {1}",
            Say::ContainsAll => "{0} содержит всё из: {1}",
            Say::ContainsNone => "{0} не содержит ничего из: {1}",
            Say::ContainsAtLeast => "{0} содержит из перечисленного не меньше чем {2}: {1}",
            Say::ContainsNotAny => "{0} не содержит ничего из: {1}",
            Say::ContainsNotAll => "в {0} нет хотя бы одного из: {1}",
            Say::ContainsNotNone => "{0} содержит хотя бы одно из: {1}",
            Say::ContainsLessThan => "{0} содержит из перечисленного меньше чем {2}: {1}",
            Say::WithinNext => "{0} приходится на сегодня или на следующий за ним срок: {1}",
            Say::WithinLast => "{0} приходится на сегодня или на предшествующий ему срок: {1}",
            Say::NotWithinNext => "{0} не приходится ни на сегодня, ни на следующий за ним срок: {1}",
            Say::NotWithinLast => "{0} не приходится ни на сегодня, ни на предшествующий ему срок: {1}",
            Say::Anniversary => "годовщина [0]",
            Say::InSegment => "{1} входит в сегмент {0}",
            Say::NotInSegment => "{1} не входит в сегмент {0}",
            Say::InFile => "{0} есть в файле {1}",
            Say::NotInFile => "{0} отсутствует в файле {1}",
            Say::KeyInFile => "ключ ({1}) есть в файле {0}",
            Say::KeyNotInFile => "ключ ({1}) отсутствует в файле {0}",
            Say::KeyOneOf => "ключ ({1}) — один из: {0}",
            Say::KeyNoneOf => "ключ ({1}) — ни один из: {0}",
            Say::Sample => "{2} входит в постоянную выборку {0}, взятую по тексту {1}",
            Say::InSplit => "{3} попадает в первые {0} при случайном делении всех по тексту {1}",
            Say::InSplitFrom => "{3} попадает в {0} после первых {2} при случайном делении всех по тексту {1}",
            Say::Now => "момент расчёта",
            Say::Today => "сегодня",
            Say::Instant => "{0}, {1}",
            Say::EndOfDay => "конец {0}",
            Say::TimeBetween => "прошедшее время ({1} → {0})",
            Say::Fraction => "{0} от [1]",
            Say::Absolute => "[0] без знака",
            Say::AgeOf => "возраст в полных годах ({0})",
            Say::Bucket => "номер ступени, которой достигло [0], если ступени начинаются с: {1} (1 — ниже первой)",
            Say::Coalesce => "первое известное из ({0})",
            Say::DayOf => "календарный день ({0})",
            Say::WeekOf => "первый день календарной недели ({0})",
            Say::MonthOf => "первый день календарного месяца ({0})",
            Say::QuarterOf => "первый день календарного квартала ({0})",
            Say::YearOf => "первый день календарного года ({0})",
            Say::HourOf => "час суток от 0 до 23 ({0})",
            Say::WeekdayOf => "день недели ({0})",
            Say::DayOfMonth => "число месяца от 1 до 31 ({0})",
            Say::MonthOfYear => "номер месяца от 1 до 12 ({0})",
            Say::Greatest => "наибольшее из ({0})",
            Say::Least => "наименьшее из ({0})",
            Say::Length => "число знаков в [0]",
            Say::Lower => "[0] строчными буквами",
            Say::Upper => "[0] прописными буквами",
            Say::Round => "округлённое до целых ({0})",
            Say::RoundTo => "округлённое ({0}; знаков после запятой: {1})",
            Say::RowTime => "время строки",
            Say::RowNumber => "порядковый номер среди всех строк {0} с тем же ключом ({1}; 1 — первая)",
            Say::RowGap => "время с предыдущей строки {0} с тем же ключом ({1})",
            Say::OfPath => "{0} ({1})",
            Say::OfRow => "{0} (строка {1})",
            Say::ColumnOf => "{0} в {1}",
            Say::Over => "{0} {1}",
            Say::Since => "начиная с {0} (включительно)",
            Say::Until => "по {0} (включительно)",
            Say::FromTo => "с {0} по {1} (оба включительно)",
            Say::ThisDay => "за сегодня до момента расчёта",
            Say::ThisWeek => "за текущую календарную неделю до момента расчёта",
            Say::ThisMonth => "за текущий календарный месяц до момента расчёта",
            Say::ThisQuarter => "за текущий календарный квартал до момента расчёта",
            Say::ThisYear => "за текущий календарный год до момента расчёта",
            Say::LastDay => "за вчера",
            Say::LastWeek => "за всю прошлую календарную неделю",
            Say::LastMonth => "за весь прошлый календарный месяц",
            Say::LastQuarter => "за весь прошлый календарный квартал",
            Say::LastYear => "за весь прошлый календарный год",
            Say::ToDateDay => "за вчера до того же времени суток",
            Say::ToDateWeek => "за прошлую календарную неделю до того же её момента",
            Say::ToDateMonth => "за прошлый календарный месяц до того же его момента",
            Say::ToDateQuarter => "за прошлый календарный квартал до того же его момента",
            Say::ToDateYear => "за прошлый календарный год до того же его момента",
            Say::Filtered => "{0} (только строки, где {1})",
            Say::RowsWhere => "{0}, где {1}",
            Say::AnyRow => "есть хотя бы одна строка {0}",
            Say::NoRow => "нет ни одной строки {0}",
            Say::EveryRow => "для каждой строки {0} верно, что {1}",
            Say::CountRows => "число строк {0}",
            Say::CountKnown => "число строк {1} (где известно [0])",
            Say::CountDistinct => "число разных значений [0] по строкам {1}",
            Say::Sum => "сумма [0] по строкам {1}",
            Say::Avg => "среднее [0] по строкам {1}",
            Say::Min => "наименьшее [0] по строкам {1}",
            Say::Max => "наибольшее [0] по строкам {1}",
            Say::Earliest => "самое раннее [0] по строкам {1}",
            Say::Latest => "самое позднее [0] по строкам {1}",
            Say::Median => "медиана [0] по строкам {1}",
            Say::Stddev => "стандартное отклонение [0] по строкам {1}",
            Say::First => "первое известное [0] по строкам {1}",
            Say::Last => "последнее известное [0] по строкам {1}",
            Say::Mode => "самое частое [0] по строкам {1}",
            Say::ModeShare => "доля самого частого [0] по строкам {1}",
            Say::ModeCount => "сколько раз встречается самое частое [0] по строкам {1}",
            Say::Percentile => "процентиль {2} для [0] по строкам {1}",
            Say::OfGroup => "группы",
            Say::Calculation => "вычисленное значение",
            Say::SomeRows => "{0} (лишь часть из них)",
            Say::InOrder => "эти строки идут одна за другой:",
            Say::InOrderDuring => "эти строки идут одна за другой, и все они {0}:",
            Say::InOrderWithin => "эти строки идут одна за другой, от первой до последней {0}:",
            Say::InOrderDuringWithin => "эти строки идут одна за другой, и все они {0}, а от первой до последней {1}:",
            Say::FirstStep => "сначала строка {0}",
            Say::NextStep => "позже строка {0}",
            Say::NextStepWithin => "затем, {1} после предыдущей строки, строка {0}",
            Say::NeverStep => "после этого, до следующей из этих строк или до момента расчёта, ни одной строки {0}",
            Say::NeverStepWithin => "после этого {1}, и этот срок уже прошёл, ни одной строки {0}",
            Say::CalledRow => "{0} (здесь она зовётся {1})",
            Say::Tile => {
                "номер части от 1 (низшая) до {1} (высшая), если упорядочить по [0] и разделить на равные части, {2}"
            }
            Say::Score => "балл от 1 (низший) до {1} (высший) по [0], одинаковый для равных значений, {2}",
            Say::PercentRank => "доля остальных с меньшим значением [0] (от 0 до 1), {2}",
            Say::PercentileOfAll => "число, ниже которого лежат {1} % всех значений [0], {2}",
            Say::Highest => "{3} — в числе наивысших по [0] (сколько: {1}), {2}",
            Say::Lowest => "{3} — в числе низших по [0] (сколько: {1}), {2}",
            Say::HighestShare => "{3} — в числе наивысших {1} по [0], {2}",
            Say::LowestShare => "{3} — в числе низших {1} по [0], {2}",
            Say::AmongKnown => "среди всех с известным значением",
            Say::AmongThose => "среди тех, для кого {0}, причём значение известно",
            Say::PerGroup => "{0}, отдельно для каждого значения [1]",
            Say::Frozen => "{0}; пороги сохранены и меняются только при новом расчёте",
            Say::TierFirst => "имя первой из этих групп, которая подходит:",
            Say::TierNotBefore => "ни одна из предыдущих групп не подходит:",
            Say::Named => "{0}: {1}",
            Say::TierRest => "все остальные",
            Say::FrozenOf => "{0}; пороги сохранены на {1} и действуют до нового расчёта",
            Say::FrozenAt => "{0}; пороги сохранены на {1} и действуют до нового расчёта: {2}",
            Say::OnlyWithin => "только для входящих в сегмент {0}",
            Say::Cells => "баллы {0} образуют одно из сочетаний (по цифре на балл, в этом порядке): {1}",
            Say::TableWhere => "строки {0}, для которых {1}",
            Say::TableOf => "строки {0}",
            Say::TableDistinct => "{0}; из строк с одинаковыми {1} только первая",
            Say::TableGrouped => "по одной строке на каждое сочетание ({0}; {1}); из чего: {2}",
            Say::GroupFirst => "время первой из её строк",
            Say::GroupTime => "{0}; её время: {1}",
            Say::TableSql => "строки запроса (SQL) к {0}",
            Say::SubjectOf => "строка {0}",
            Say::SubjectsIn => "всякий, кто назван в строке {0}",
            Say::DivisionOf => "имя той из этих групп, которая подходит:",
            Say::FineUnknown => {
                "Неизвестное: сравнение с неизвестным значением ни верно, ни неверно. Входят только те, для кого условие верно."
            }
            Say::FineRows => "Строка считается, только если её условие верно; неизвестного недостаточно.",
            Say::FineEmpty => "Если строк нет, число строк и сумма равны 0, а прочие показатели неизвестны.",
            Say::FineRolling => {
                "Окно в столько-то дней кончается моментом расчёта или за указанный срок до него. Случившееся ровно в его конце входит, ровно в его начале — нет."
            }
            Say::FineRollingDays => {
                "Окно в столько-то дней — это целые дни ({0}), включая сегодняшний. Окно в часах или минутах точное: его конец входит, начало — нет."
            }
            Say::FineCalendar => {
                "Календарные дни начинаются в полночь ({0}), первый день недели — {1}. Момент расчёта входит, более позднее — нет."
            }
            Say::FineAbsolute => "Названные дни — целые дни ({0}) и входят.",
            Say::FineAgo => {
                "«Столько-то назад» отсчитывается от момента расчёта; дни и более крупные единицы — по календарю ({0})."
            }
            Say::FineDateAndTime => "Дата сравнивается со временем по дню этого времени ({0}).",
            Say::FineElapsed => "Промежутки времени сравниваются как прошедшее время: день — это 24 часа.",
            Say::FineAge => "Возраст — в полных годах, до сегодняшнего дня ({0}).",
            Say::FineNear => "Близость к сегодняшнему дню считается целыми днями ({0}); сегодня входит.",
            Say::FineAnniversary => "Для годовщины год не важен; 29 февраля в другие годы считается как 28 февраля.",
            Say::FineDivision => "Результат деления на ноль неизвестен.",
            Say::FineEvery => {
                "«Для каждой строки» верно и тогда, когда строк нет; одна строка, для которой это неизвестно, делает его неверным."
            }
            Say::FineSequence => {
                "У более поздней строки время больше. Строки одного мгновения идут одна за другой, только если они из одной таблицы данных, в её порядке. Между ними могут быть другие строки."
            }
            Say::FineTies => "Из равных значений на границе раньше идут меньшие ключи.",
            Say::FinePer => "Те, для кого группа неизвестна, составляют отдельную группу.",
            Say::FineShare => "Доля наивысших или низших округляется вверх до целого.",
            Say::FineTiles => "Если поровну разделить нельзя, низшие части больше на одного.",
            Say::FinePercentile => "Процентиль или медиана между двумя значениями лежит между ними пропорционально.",
            Say::FineScore => {
                "Балл — это число баллов, умноженное на долю тех, чьё значение не больше, с округлением вверх."
            }
            Say::FinePercentRank => "Для единственного в своём кругу доля равна 0.",
            Say::FineRanks => {
                "У того, кто не в числе упорядоченных, нет места; он не среди наивысших и не среди низших."
            }
            Say::FineForAll => {
                "Процентиль среди субъектов — одно число, известное для всех, и для тех, кто в их число не входит."
            }
            Say::FineSample => "Случай постоянен: один и тот же текст всегда выбирает одних и тех же.",
            Say::FineSegments => {
                "Принадлежность сегменту всегда известна: кто не входит в него наверняка, тот в него не входит."
            }
            Say::FineCurrency => "Деньги — в {2}, если не сказано иное.",
            Say::HeadWhere => "Что значат имена",
            Say::HeadRestsOn => "О каких сегментах спрашивает правило",
            Say::HeadFine => "Дословно",
            Say::HeadReads => "Что читается",
            Say::HeadLives => "Как меняется состав",
            Say::DescribedAs => "Описание: {0}",
            Say::Owner => "Ответственный: {0}",
            Say::ReadsTable => "таблица {0}: {1}",
            Say::ReadsNoColumns => "таблица {0}",
            Say::ReadsFeature => "считается: {0}",
            Say::SharedWith => "{0}; считается также для {1}",
            Say::LivesRows => "когда поступают или исправляются строки в {0}",
            Say::LivesClock => "с ходом времени, даже без новых строк: {0}",
            Say::LivesOthers => "когда меняются другие: {0}",
            Say::LivesStill => "не от одного хода времени",
            Say::LivesAlone => "не из-за других",
            Say::ClockWindow => "окно для [0]",
            Say::ClockSequence => "срок последовательности",
            Say::ClockToday => "то, что считается от сегодняшнего дня",
            Say::ClockNow => "то, что сравнивается с моментом расчёта",
            Say::ClockNear => "близость к сегодняшнему дню",
            Say::ClockAge => "{0}, считая до сегодняшнего дня",
            Say::OtherRank => "место среди других по [0]",
            Say::OtherKind => "значения другого вида ({0})",
            Say::OtherQuery => "запрос таблицы {0}",
            Say::OtherRows => "строки {0}, которые считаются один раз среди всех",
        }
    }

    fn duration(&self, length: Duration) -> String {
        counted(length, Case::Nominative)
    }

    fn within(&self, length: Duration) -> String {
        format!("в течение {}", counted(length, Case::Genitive))
    }

    fn ago(&self, length: Duration) -> String {
        format!("{} назад", counted(length, Case::Accusative))
    }

    fn rolling(&self, length: Duration) -> String {
        match (length.count, length.unit) {
            (1, Unit::Minute | Unit::Week) => format!("за последнюю {}", noun(1, length.unit, Case::Accusative)),
            (1, _) => format!("за последний {}", noun(1, length.unit, Case::Accusative)),
            _ => format!("за последние {}", counted(length, Case::Accusative)),
        }
    }

    fn previous(&self, length: Duration) -> String {
        let before = match (length.count, length.unit) {
            (1, Unit::Minute | Unit::Week) => format!("последней {}", noun(1, length.unit, Case::Genitive)),
            (1, _) => format!("последнего {}", noun(1, length.unit, Case::Genitive)),
            _ => format!("последних {}", counted(length, Case::Genitive)),
        };
        format!("за {} до {before}", counted(length, Case::Accusative))
    }

    fn ending(&self, length: Duration, ago: Duration) -> String {
        format!("за {} с окончанием {}", counted(length, Case::Accusative), self.ago(ago))
    }

    fn day(&self, day: NaiveDate) -> String {
        const MONTHS: [&str; 12] = [
            "января",
            "февраля",
            "марта",
            "апреля",
            "мая",
            "июня",
            "июля",
            "августа",
            "сентября",
            "октября",
            "ноября",
            "декабря",
        ];
        let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {} г.", day.day(), day.year())
    }

    fn weekday(&self, day: Weekday) -> &'static str {
        match day {
            Weekday::Mon => "понедельник",
            Weekday::Tue => "вторник",
            Weekday::Wed => "среда",
            Weekday::Thu => "четверг",
            Weekday::Fri => "пятница",
            Weekday::Sat => "суббота",
            Weekday::Sun => "воскресенье",
        }
    }

    fn marks(&self) -> Marks {
        Marks { thousands: "\u{a0}", decimal: ",", percent: "\u{a0}", grouped_from: 5, quotes: ("«", "»") }
    }
}

#[derive(Clone, Copy)]
enum Case {
    Nominative,
    Genitive,
    Accusative,
}

/// A number and its noun: 1 день, 2 дня, 5 дней, 11 дней, 21 день.
fn counted(length: Duration, case: Case) -> String {
    format!("{} {}", length.count, noun(length.count, length.unit, case))
}

fn noun(count: u32, unit: Unit, case: Case) -> &'static str {
    // One, its genitive, its accusative, and many.
    let [one, few, accusative, many] = match unit {
        Unit::Minute => ["минута", "минуты", "минуту", "минут"],
        Unit::Hour => ["час", "часа", "час", "часов"],
        Unit::Day => ["день", "дня", "день", "дней"],
        Unit::Week => ["неделя", "недели", "неделю", "недель"],
        Unit::Month => ["месяц", "месяца", "месяц", "месяцев"],
        Unit::Quarter => ["квартал", "квартала", "квартал", "кварталов"],
        Unit::Year => ["год", "года", "год", "лет"],
    };
    let teens = (11..=14).contains(&(count % 100));
    match (count % 10, case) {
        (1, Case::Nominative) if !teens => one,
        (1, Case::Genitive) if !teens => few,
        (1, Case::Accusative) if !teens => accusative,
        (2..=4, Case::Nominative | Case::Accusative) if !teens => few,
        _ => many,
    }
}
