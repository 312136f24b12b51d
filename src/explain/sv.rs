//! Swedish. A window takes the definite form: *de senaste 90 dagarna*, *det senaste året*.

use chrono::{Datelike, NaiveDate, Weekday};

use super::say::{Marks, Say, Wording};
use crate::syntax::ast::{Duration, Unit};

/// Swedish words.
pub(super) struct Swedish;

impl Wording for Swedish {
    fn template(&self, say: Say) -> &'static str {
        match say {
            Say::Members => "Varje {1} hör till {0} om",
            Say::AllOf => "allt detta gäller:",
            Say::AnyOf => "minst ett av detta gäller:",
            Say::NotThis => "följande är falskt:",
            Say::NotSo => "följande stämmer inte: {0}",
            Say::NoteHolds => "villkor {0} gäller",
            Say::And => " och ",
            Say::Or => " eller ",
            Say::UnknownIsOut => " (okänt räknas inte)",
            Say::UnknownIsIn => " (okänt räknas också)",
            Say::IgnoringCase => " (stora och små bokstäver är lika)",
            Say::Everybody => "alltid",
            Say::Nobody => "aldrig",
            Say::True => "sant",
            Say::False => "falskt",
            Say::Holds => "{0} är sant",
            Say::HoldsNot => "{0} är falskt",
            Say::InUnit => "{0} (i {1})",
            Say::Equal => "{0} är {1}",
            Say::NotEqual => "{0} är inte {1}",
            Say::Less => "{0} är mindre än {1}",
            Say::AtMost => "{0} är högst {1}",
            Say::More => "{0} är mer än {1}",
            Say::AtLeast => "{0} är minst {1}",
            Say::Before => "{0} är tidigare än {1}",
            Say::NotAfter => "{0} är inte senare än {1}",
            Say::After => "{0} är senare än {1}",
            Say::NotBefore => "{0} är inte tidigare än {1}",
            Say::Shorter => "{0} är kortare än {1}",
            Say::NotLonger => "{0} är inte längre än {1}",
            Say::Longer => "{0} är längre än {1}",
            Say::NotShorter => "{0} är inte kortare än {1}",
            Say::Between => "{0} är från {1} till {2} (båda ingår)",
            Say::NotBetween => "{0} är varken {1} eller {2} eller däremellan",
            Say::OneOf => "{0} är något av: {1}",
            Say::NoneOf => "{0} är inget av: {1}",
            Say::Known => "{0} är känt",
            Say::Unknown => "{0} är okänt",
            Say::Contains => "{0} innehåller {1}",
            Say::ContainsNot => "{0} innehåller inte {1}",
            Say::StartsWith => "{0} börjar med {1}",
            Say::StartsNotWith => "{0} börjar inte med {1}",
            Say::EndsWith => "{0} slutar med {1}",
            Say::EndsNotWith => "{0} slutar inte med {1}",
            Say::Like => "{0} passar mönstret {1} (% är valfri text, _ ett valfritt tecken)",
            Say::LikeNot => "{0} passar inte mönstret {1} (% är valfri text, _ ett valfritt tecken)",
            Say::Matches => "{0} matchar någonstans det reguljära uttrycket {1}",
            Say::MatchesNot => "{0} matchar ingenstans det reguljära uttrycket {1}",
            Say::ContainsAny => "{0} innehåller minst ett av: {1}",
            Say::ContainsAll => "{0} innehåller alla av: {1}",
            Say::ContainsNone => "{0} innehåller inget av: {1}",
            Say::ContainsAtLeast => "{0} innehåller minst {2} av: {1}",
            Say::ContainsNotAny => "{0} innehåller inget av: {1}",
            Say::ContainsNotAll => "{0} saknar minst ett av: {1}",
            Say::ContainsNotNone => "{0} innehåller minst ett av: {1}",
            Say::ContainsLessThan => "{0} innehåller färre än {2} av: {1}",
            Say::WithinNext => "{0} är i dag eller inom {1} efter i dag",
            Say::WithinLast => "{0} är i dag eller inom {1} före i dag",
            Say::NotWithinNext => "{0} är varken i dag eller inom {1} efter i dag",
            Say::NotWithinLast => "{0} är varken i dag eller inom {1} före i dag",
            Say::Anniversary => "en årsdag av {0}",
            Say::InSegment => "{1} ingår i segmentet {0}",
            Say::NotInSegment => "{1} ingår inte i segmentet {0}",
            Say::InFile => "{0} finns i filen {1}",
            Say::NotInFile => "{0} finns inte i filen {1}",
            Say::KeyInFile => "nyckeln ({1}) finns i filen {0}",
            Say::KeyNotInFile => "nyckeln ({1}) finns inte i filen {0}",
            Say::KeyOneOf => "nyckeln ({1}) är någon av: {0}",
            Say::KeyNoneOf => "nyckeln ({1}) är ingen av: {0}",
            Say::Sample => "{2} ingår i det fasta urvalet om {0} som dras med texten {1}",
            Say::InSplit => "{3} hamnar i de första {0} när alla delas upp slumpvis med texten {1}",
            Say::InSplitFrom => {
                "{3} hamnar i de {0} som följer efter de första {2} när alla delas upp slumpvis med texten {1}"
            }
            Say::Now => "utvärderingens ögonblick",
            Say::Today => "i dag",
            Say::Instant => "{0}, {1}",
            Say::EndOfDay => "slutet av {0}",
            Say::TimeBetween => "tiden från [1] till [0]",
            Say::Fraction => "{0} av [1]",
            Say::Absolute => "[0] utan tecken",
            Say::AgeOf => "åldern i fyllda år sedan {0}",
            Say::Bucket => "numret på det steg som [0] har nått, där stegen börjar vid: {1} (1 är under det första)",
            Say::Coalesce => "det första kända av ({0})",
            Say::DayOf => "kalenderdagen för [0]",
            Say::WeekOf => "första dagen i kalenderveckan för [0]",
            Say::MonthOf => "första dagen i kalendermånaden för [0]",
            Say::QuarterOf => "första dagen i kalenderkvartalet för [0]",
            Say::YearOf => "första dagen i kalenderåret för [0]",
            Say::HourOf => "timmen på dygnet (0 till 23) för [0]",
            Say::WeekdayOf => "veckodagen för [0]",
            Say::DayOfMonth => "dagen i månaden (1 till 31) för [0]",
            Say::MonthOfYear => "månaden på året (1 till 12) för [0]",
            Say::Greatest => "det största av ({0})",
            Say::Least => "det minsta av ({0})",
            Say::Length => "antalet tecken i [0]",
            Say::Lower => "[0] med små bokstäver",
            Say::Upper => "[0] med stora bokstäver",
            Say::Round => "[0] avrundat till heltal",
            Say::RoundTo => "[0] avrundat till {1} siffror efter decimaltecknet",
            Say::RowTime => "radens tid",
            Say::RowNumber => "radens plats bland alla rader i {0} hos samma {1} (1 är den första)",
            Say::RowGap => "tiden sedan föregående rad i {0} hos samma {1}",
            Say::OfPath => "{0} hos {1}",
            Say::OfRow => "{0} hos raden {1}",
            Say::ColumnOf => "{0} i {1}",
            Say::Over => "{0} {1}",
            Say::Since => "sedan {0} (ingår)",
            Say::Until => "till och med {0}",
            Say::FromTo => "från {0} till {1} (båda ingår)",
            Say::ThisDay => "i dag fram till utvärderingens ögonblick",
            Say::ThisWeek => "hittills under denna kalendervecka",
            Say::ThisMonth => "hittills under denna kalendermånad",
            Say::ThisQuarter => "hittills under detta kalenderkvartal",
            Say::ThisYear => "hittills under detta kalenderår",
            Say::LastDay => "i går",
            Say::LastWeek => "under hela kalenderveckan före denna",
            Say::LastMonth => "under hela kalendermånaden före denna",
            Say::LastQuarter => "under hela kalenderkvartalet före detta",
            Say::LastYear => "under hela kalenderåret före detta",
            Say::ToDateDay => "i går fram till samma tid på dygnet",
            Say::ToDateWeek => "under kalenderveckan före denna, fram till samma punkt i veckan",
            Say::ToDateMonth => "under kalendermånaden före denna, fram till samma punkt i månaden",
            Say::ToDateQuarter => "under kalenderkvartalet före detta, fram till samma punkt i kvartalet",
            Say::ToDateYear => "under kalenderåret före detta, fram till samma punkt på året",
            Say::Filtered => "{0} (bara rader där följande gäller: {1})",
            Say::RowsWhere => "{0} där följande gäller: {1}",
            Say::AnyRow => "det finns minst en rad i {0}",
            Say::NoRow => "det finns ingen rad i {0}",
            Say::EveryRow => "för varje rad i {0} gäller: {1}",
            Say::CountRows => "antalet rader i {0}",
            Say::CountKnown => "antalet rader i {1} (där [0] är känt)",
            Say::CountDistinct => "antalet olika värden på [0] i raderna i {1}",
            Say::Sum => "summan av [0] i raderna i {1}",
            Say::Avg => "medelvärdet av [0] i raderna i {1}",
            Say::Min => "det minsta värdet på [0] i raderna i {1}",
            Say::Max => "det största värdet på [0] i raderna i {1}",
            Say::Earliest => "det tidigaste värdet på [0] i raderna i {1}",
            Say::Latest => "det senaste värdet på [0] i raderna i {1}",
            Say::Median => "medianen av [0] i raderna i {1}",
            Say::Stddev => "standardavvikelsen för [0] i raderna i {1}",
            Say::First => "det första kända värdet på [0] i raderna i {1}",
            Say::Last => "det sista kända värdet på [0] i raderna i {1}",
            Say::Mode => "det vanligaste värdet på [0] i raderna i {1}",
            Say::ModeShare => "andelen för det vanligaste värdet på [0] i raderna i {1}",
            Say::ModeCount => "hur ofta det vanligaste värdet på [0] förekommer i raderna i {1}",
            Say::Percentile => "percentilen {2} av [0] i raderna i {1}",
            Say::OfGroup => "gruppen",
            Say::Calculation => "ett beräknat värde",
            Say::SomeRows => "{0} (bara en del av dem)",
            Say::InOrder => "dessa rader kommer en efter en:",
            Say::InOrderDuring => "dessa rader kommer en efter en, alla {0}:",
            Say::InOrderWithin => "dessa rader kommer en efter en, från den första till den sista {0}:",
            Say::InOrderDuringWithin => "dessa rader kommer en efter en, alla {0}, från den första till den sista {1}:",
            Say::FirstStep => "först en rad i {0}",
            Say::NextStep => "senare en rad i {0}",
            Say::NextStepWithin => "sedan, {1} efter raden före, en rad i {0}",
            Say::NeverStep => {
                "därefter, fram till nästa av dessa rader eller utvärderingens ögonblick, ingen rad i {0}"
            }
            Say::NeverStepWithin => "därefter {1}, en tid som måste ha gått, ingen rad i {0}",
            Say::CalledRow => "{0} (här kallad {1})",
            Say::Tile => {
                "delen från 1 (lägst) till {1} (högst), när alla ordnas efter [0] och delas i {1} lika stora delar, {2}"
            }
            Say::Score => "poängen från 1 (lägst) till {1} (högst) för [0], där lika värden delar en poäng, {2}",
            Say::PercentRank => "andelen av de andra vars värde på [0] är mindre (från 0 till 1), {2}",
            Say::PercentileOfAll => "talet som {1} % av alla värden på [0] ligger under, {2}",
            Say::Highest => "{3} är bland de {1} högsta efter [0], {2}",
            Say::Lowest => "{3} är bland de {1} lägsta efter [0], {2}",
            Say::HighestShare => "{3} är bland de högsta {1} efter [0], {2}",
            Say::LowestShare => "{3} är bland de lägsta {1} efter [0], {2}",
            Say::AmongKnown => "bland alla vars värde är känt",
            Say::AmongThose => "bland dem för vilka följande gäller: {0}, och vars värde är känt",
            Say::PerGroup => "{0}, för varje värde på [1] för sig",
            Say::Frozen => "{0}; gränserna är sparade och ändras bara när de räknas om",
            Say::TierFirst => "namnet på den första av dessa grupper som passar:",
            Say::TierNotBefore => "ingen av grupperna före passar:",
            Say::Named => "{0}: {1}",
            Say::TierRest => "alla andra",
            Say::FrozenOf => "{0}; gränserna är de från {1}, sparade tills de räknas om",
            Say::FrozenAt => "{0}; gränserna är de från {1}, sparade tills de räknas om: {2}",
            Say::OnlyWithin => "bara för dem i segmentet {0}",
            Say::Cells => "poängen {0} är någon av dessa, en siffra för varje poäng i den ordningen: {1}",
            Say::TableWhere => "raderna i {0} där följande gäller: {1}",
            Say::TableOf => "raderna i {0}",
            Say::TableDistinct => "{0}; av rader med samma {1} bara den första",
            Say::TableGrouped => "en rad för varje {0} och {1}, gjord av {2}",
            Say::GroupFirst => "tiden för den första av dess rader",
            Say::GroupTime => "{0}; dess tid är {1}",
            Say::TableSql => "raderna från en fråga (SQL) över {0}",
            Say::SubjectOf => "en rad i {0}",
            Say::SubjectsIn => "var och en som nämns av en rad i {0}",
            Say::DivisionOf => "namnet på den av dessa grupper som passar:",
            Say::FineUnknown => {
                "Okänt: en jämförelse med ett okänt värde är varken sann eller falsk. Medlemmar är bara de för vilka villkoret är sant."
            }
            Say::FineRows => "En rad räknas bara om dess villkor är sant; att det är okänt räcker inte.",
            Say::FineEmpty => "Utan rader är antal och summor 0; övriga mått är då okända.",
            Say::FineFirst => {
                "Den första och den sista raden följer tiden; rader med samma tid följer tabellens ordning."
            }
            Say::FineMode => "Av flera lika vanliga värden räknas det minsta.",
            Say::FineDeviation => "En standardavvikelse är den för ett urval, och okänd för färre än två värden.",
            Say::FineRound => "Det som ligger mitt emellan avrundas till den jämna grannen.",
            Say::FineLeast => "Det minsta eller största av flera värden är okänt om ett av dem är det.",
            Say::FineText => "Text ordnas bokstav för bokstav, efter kodpunkt: stora bokstäver kommer före små.",
            Say::FineRolling => {
                "Ett fönster på så många dagar slutar vid utvärderingens ögonblick eller så lång tid före. Det som hände exakt vid dess slut ingår, det som hände exakt vid dess början gör det inte."
            }
            Say::FineRollingDays => {
                "Ett fönster på så många dagar omfattar hela dagar i {0}, i dag inräknad. Ett fönster i timmar eller minuter är exakt: dess slut ingår, dess början gör det inte."
            }
            Say::FineCalendar => {
                "Kalenderdagar börjar vid midnatt i {0}, veckor på en {1}. Det som händer i utvärderingens ögonblick ingår, inget senare."
            }
            Say::FineAbsolute => "Dagar som nämns är hela dagar i {0} och ingår.",
            Say::FineAgo => {
                "”För så länge sedan” räknas från utvärderingens ögonblick; dagar och längre enheter följer kalendern i {0}."
            }
            Say::FineDateAndTime => "Ett datum som jämförs med en tid jämförs med den tidens dag i {0}.",
            Say::FineElapsed => "Tidslängder jämförs som förfluten tid: en dag är 24 timmar.",
            Say::FineAge => "En ålder är i fyllda år, räknad till i dag i {0}.",
            Say::FineNear => "Närhet till i dag räknas i hela dagar i {0}; i dag ingår.",
            Say::FineAnniversary => "En årsdag bortser från året; 29 februari räknas som 28 februari andra år.",
            Say::FineDivision => "Det som delas med noll är okänt.",
            Say::FineEvery => {
                "”För varje rad” är sant även när det inte finns någon rad; en enda rad där det är okänt gör det falskt."
            }
            Say::FineSequence => {
                "En senare rad har en större tid. Rader från samma ögonblick följer på varandra bara om de är från en och samma tabell i data, i dess ordning. Andra rader kan ligga emellan."
            }
            Say::FineTies => "Av lika värden vid en gräns kommer mindre nycklar först.",
            Say::FinePer => "De för vilka gruppen är okänd är en egen grupp.",
            Say::FineShare => "En andel av de högsta eller lägsta avrundas uppåt till heltal.",
            Say::FineTiles => "Där delar inte kan bli lika stora är de lägre en större.",
            Say::FinePercentile => {
                "En percentil eller median som faller mellan två värden ligger proportionellt mellan dem."
            }
            Say::FineScore => {
                "En poäng är antalet poäng gånger andelen av dem vars värde är högst lika stort, avrundat uppåt."
            }
            Say::FinePercentRank => "För den som är ensam är andelen 0.",
            Say::FineRanks => {
                "Den som inte hör till de rangordnade har ingen rang, och är varken bland de högsta eller de lägsta."
            }
            Say::FineForAll => {
                "En percentil bland subjekt är ett enda tal, känt för alla, även för dem som inte är bland dem."
            }
            Say::FineSample => "Slumpen är fast: samma text drar samma personer varje gång.",
            Say::FineSegments => "Medlemskap i ett segment är aldrig okänt: den som inte säkert är medlem är det inte.",
            Say::FineCurrency => "Pengar är i {2} där inget annat sägs.",
            Say::HeadWhere => "Vad namnen betyder",
            Say::HeadRestsOn => "Segment som regeln frågar om",
            Say::HeadFine => "Ordagrant",
            Say::HeadReads => "Vad som läses",
            Say::HeadLives => "Hur medlemmarna ändras",
            Say::DescribedAs => "Beskrivning: {0}",
            Say::Owner => "Ansvarig: {0}",
            Say::ReadsTable => "tabellen {0}: {1}",
            Say::ReadsNoColumns => "tabellen {0}",
            Say::ReadsFeature => "räknas: {0}",
            Say::SharedWith => "{0}; räknas även för {1}",
            Say::LivesRows => "när rader kommer till eller rättas i {0}",
            Say::LivesClock => "med tiden, även om ingen rad kommer: {0}",
            Say::LivesOthers => "när andra ändras: {0}",
            Say::LivesStill => "inte av tiden ensam",
            Say::LivesAlone => "inte på grund av andra",
            Say::ClockWindow => "fönstret för [0]",
            Say::ClockSequence => "den tid som en följd har",
            Say::ClockToday => "det som räknas från i dag",
            Say::ClockNow => "det som jämförs med utvärderingens ögonblick",
            Say::ClockNear => "närheten till i dag",
            Say::ClockAge => "{0}, räknad till i dag",
            Say::OtherRank => "platsen bland andra efter [0]",
            Say::OtherKind => "värden hos {0}",
            Say::OtherQuery => "frågan för tabellen {0}",
            Say::OtherRows => "rader i {0} som räknas en gång bland allas",
        }
    }

    fn duration(&self, length: Duration) -> String {
        let [one, more, ..] = forms(length.unit);
        format!("{} {}", length.count, if length.count == 1 { one } else { more })
    }

    fn within(&self, length: Duration) -> String {
        format!("inom {}", self.duration(length))
    }

    fn ago(&self, length: Duration) -> String {
        format!("för {} sedan", self.duration(length))
    }

    fn rolling(&self, length: Duration) -> String {
        format!("under {}", latest(length))
    }

    fn previous(&self, length: Duration) -> String {
        format!("under {} före {}", self.duration(length), latest(length))
    }

    fn ending(&self, length: Duration, ago: Duration) -> String {
        format!("under {} som slutade {}", self.duration(length), self.ago(ago))
    }

    fn day(&self, day: NaiveDate) -> String {
        const MONTHS: [&str; 12] = [
            "januari",
            "februari",
            "mars",
            "april",
            "maj",
            "juni",
            "juli",
            "augusti",
            "september",
            "oktober",
            "november",
            "december",
        ];
        let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }

    fn weekday(&self, day: Weekday) -> &'static str {
        match day {
            Weekday::Mon => "måndag",
            Weekday::Tue => "tisdag",
            Weekday::Wed => "onsdag",
            Weekday::Thu => "torsdag",
            Weekday::Fri => "fredag",
            Weekday::Sat => "lördag",
            Weekday::Sun => "söndag",
        }
    }

    fn marks(&self) -> Marks {
        Marks { thousands: "\u{a0}", decimal: ",", percent: "\u{a0}", grouped_from: 5, quotes: ("”", "”") }
    }
}

/// One, more, the one, those.
fn forms(unit: Unit) -> [&'static str; 4] {
    match unit {
        Unit::Minute => ["minut", "minuter", "minuten", "minuterna"],
        Unit::Hour => ["timme", "timmar", "timmen", "timmarna"],
        Unit::Day => ["dag", "dagar", "dagen", "dagarna"],
        Unit::Week => ["vecka", "veckor", "veckan", "veckorna"],
        Unit::Month => ["månad", "månader", "månaden", "månaderna"],
        Unit::Quarter => ["kvartal", "kvartal", "kvartalet", "kvartalen"],
        Unit::Year => ["år", "år", "året", "åren"],
    }
}

/// *de senaste 90 dagarna*, *den senaste dagen*, *det senaste året*
fn latest(length: Duration) -> String {
    let [_, _, the_one, those] = forms(length.unit);
    match (length.count, length.unit) {
        (1, Unit::Quarter | Unit::Year) => format!("det senaste {the_one}"),
        (1, _) => format!("den senaste {the_one}"),
        (count, _) => format!("de senaste {count} {those}"),
    }
}
