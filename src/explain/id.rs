//! Indonesian. There is no plural to form: a number and its noun stand side by side.

use chrono::{Datelike, NaiveDate, Weekday};

use super::say::{Marks, Say, Wording};
use crate::syntax::ast::{Duration, Unit};

/// Indonesian words.
pub(super) struct Indonesian;

impl Wording for Indonesian {
    fn template(&self, say: Say) -> &'static str {
        match say {
            Say::Members => "{0} memuat setiap {1} bila",
            Say::AllOf => "semua hal ini berlaku:",
            Say::AnyOf => "setidaknya satu dari hal ini berlaku:",
            Say::NotThis => "hal ini tidak berlaku:",
            Say::NotSo => "tidak benar bahwa {0}",
            Say::NoteHolds => "syarat {0} berlaku",
            Say::And => " dan ",
            Say::Or => " atau ",
            Say::UnknownIsOut => " (yang tidak diketahui tidak dihitung)",
            Say::UnknownIsIn => " (yang tidak diketahui ikut dihitung)",
            Say::IgnoringCase => " (huruf besar dan kecil dianggap sama)",
            Say::Everybody => "selalu",
            Say::Nobody => "tidak pernah",
            Say::True => "benar",
            Say::False => "salah",
            Say::Holds => "{0} bernilai benar",
            Say::HoldsNot => "{0} bernilai salah",
            Say::InUnit => "{0} (dalam {1})",
            Say::Equal => "{0} sama dengan {1}",
            Say::NotEqual => "{0} tidak sama dengan {1}",
            Say::Less => "{0} kurang dari {1}",
            Say::AtMost => "{0} paling banyak {1}",
            Say::More => "{0} lebih dari {1}",
            Say::AtLeast => "{0} paling sedikit {1}",
            Say::Before => "{0} sebelum {1}",
            Say::NotAfter => "{0} tidak setelah {1}",
            Say::After => "{0} setelah {1}",
            Say::NotBefore => "{0} tidak sebelum {1}",
            Say::Shorter => "{0} lebih singkat dari {1}",
            Say::NotLonger => "{0} tidak lebih lama dari {1}",
            Say::Longer => "{0} lebih lama dari {1}",
            Say::NotShorter => "{0} tidak lebih singkat dari {1}",
            Say::Between => "{0} dari {1} sampai {2} (kedua batas termasuk)",
            Say::NotBetween => "{0} bukan {1}, bukan {2}, dan tidak di antaranya",
            Say::OneOf => "{0} adalah salah satu dari: {1}",
            Say::NoneOf => "{0} bukan salah satu dari: {1}",
            Say::Known => "{0} diketahui",
            Say::Unknown => "{0} tidak diketahui",
            Say::Contains => "{0} memuat {1}",
            Say::ContainsNot => "{0} tidak memuat {1}",
            Say::StartsWith => "{0} diawali {1}",
            Say::StartsNotWith => "{0} tidak diawali {1}",
            Say::EndsWith => "{0} diakhiri {1}",
            Say::EndsNotWith => "{0} tidak diakhiri {1}",
            Say::Like => "{0} cocok dengan pola {1} (% adalah teks apa pun, _ satu huruf apa pun)",
            Say::LikeNot => "{0} tidak cocok dengan pola {1} (% adalah teks apa pun, _ satu huruf apa pun)",
            Say::Matches => "di dalam {0} ada yang cocok dengan ekspresi reguler {1}",
            Say::MatchesNot => "di dalam {0} tidak ada yang cocok dengan ekspresi reguler {1}",
            Say::ContainsAny => "{0} memuat setidaknya satu dari: {1}",
            Say::ContainsAll => "{0} memuat semua dari: {1}",
            Say::ContainsNone => "{0} tidak memuat satu pun dari: {1}",
            Say::ContainsAtLeast => "{0} memuat paling sedikit {2} dari: {1}",
            Say::ContainsNotAny => "{0} tidak memuat satu pun dari: {1}",
            Say::ContainsNotAll => "{0} tidak memuat setidaknya satu dari: {1}",
            Say::ContainsNotNone => "{0} memuat setidaknya satu dari: {1}",
            Say::ContainsLessThan => "{0} memuat kurang dari {2} dari: {1}",
            Say::WithinNext => "{0} adalah hari ini atau dalam {1} setelah hari ini",
            Say::WithinLast => "{0} adalah hari ini atau dalam {1} sebelum hari ini",
            Say::NotWithinNext => "{0} bukan hari ini dan bukan dalam {1} setelah hari ini",
            Say::NotWithinLast => "{0} bukan hari ini dan bukan dalam {1} sebelum hari ini",
            Say::Anniversary => "hari ulang tahun dari {0}",
            Say::InSegment => "{1} termasuk dalam segmen {0}",
            Say::NotInSegment => "{1} tidak termasuk dalam segmen {0}",
            Say::InFile => "{0} tercantum dalam berkas {1}",
            Say::NotInFile => "{0} tidak tercantum dalam berkas {1}",
            Say::KeyInFile => "kunci {1} tercantum dalam berkas {0}",
            Say::KeyNotInFile => "kunci {1} tidak tercantum dalam berkas {0}",
            Say::KeyOneOf => "kunci {1} adalah salah satu dari: {0}",
            Say::KeyNoneOf => "kunci {1} bukan salah satu dari: {0}",
            Say::Sample => "{2} termasuk dalam sampel tetap {0} yang diundi dengan teks {1}",
            Say::InSplit => "{3} jatuh dalam {0} pertama bila semua dibagi secara acak dengan teks {1}",
            Say::InSplitFrom => "{3} jatuh dalam {0} setelah {2} pertama bila semua dibagi secara acak dengan teks {1}",
            Say::Now => "saat evaluasi",
            Say::Today => "hari ini",
            Say::Instant => "{0}, {1}",
            Say::EndOfDay => "akhir {0}",
            Say::TimeBetween => "waktu dari [1] sampai [0]",
            Say::Fraction => "{0} dari [1]",
            Say::Absolute => "[0] tanpa tanda",
            Say::AgeOf => "usia dalam tahun penuh sejak {0}",
            Say::Bucket => {
                "nomor tingkat yang dicapai [0], dengan tingkat yang dimulai pada: {1} (1 di bawah yang pertama)"
            }
            Say::Coalesce => "yang pertama diketahui dari ({0})",
            Say::DayOf => "hari kalender dari [0]",
            Say::WeekOf => "hari pertama minggu kalender dari [0]",
            Say::MonthOf => "hari pertama bulan kalender dari [0]",
            Say::QuarterOf => "hari pertama triwulan kalender dari [0]",
            Say::YearOf => "hari pertama tahun kalender dari [0]",
            Say::HourOf => "jam (0 sampai 23) dari [0]",
            Say::WeekdayOf => "hari dalam minggu dari [0]",
            Say::DayOfMonth => "tanggal dalam bulan (1 sampai 31) dari [0]",
            Say::MonthOfYear => "nomor bulan (1 sampai 12) dari [0]",
            Say::Greatest => "yang terbesar dari ({0})",
            Say::Least => "yang terkecil dari ({0})",
            Say::Length => "banyaknya huruf dalam [0]",
            Say::Lower => "[0] dalam huruf kecil",
            Say::Upper => "[0] dalam huruf besar",
            Say::Round => "[0] dibulatkan ke bilangan bulat",
            Say::RoundTo => "[0] dibulatkan ke {1} angka di belakang koma",
            Say::RowTime => "waktu baris",
            Say::RowNumber => "urutan baris di antara semua baris {0} milik {1} yang sama (1 yang pertama)",
            Say::RowGap => "waktu sejak baris {0} sebelumnya milik {1} yang sama",
            Say::OfPath => "{0} dari {1}",
            Say::OfRow => "{0} dari baris {1}",
            Say::ColumnOf => "{0} pada {1}",
            Say::Over => "{0} {1}",
            Say::Since => "sejak {0} (termasuk)",
            Say::Until => "sampai {0} (termasuk)",
            Say::FromTo => "dari {0} sampai {1} (keduanya termasuk)",
            Say::ThisDay => "hari ini sampai saat evaluasi",
            Say::ThisWeek => "minggu kalender ini sampai saat evaluasi",
            Say::ThisMonth => "bulan kalender ini sampai saat evaluasi",
            Say::ThisQuarter => "triwulan kalender ini sampai saat evaluasi",
            Say::ThisYear => "tahun kalender ini sampai saat evaluasi",
            Say::LastDay => "kemarin",
            Say::LastWeek => "selama seluruh minggu kalender sebelum minggu ini",
            Say::LastMonth => "selama seluruh bulan kalender sebelum bulan ini",
            Say::LastQuarter => "selama seluruh triwulan kalender sebelum triwulan ini",
            Say::LastYear => "selama seluruh tahun kalender sebelum tahun ini",
            Say::ToDateDay => "kemarin sampai jam yang sama",
            Say::ToDateWeek => "minggu kalender sebelum minggu ini, sampai titik yang sama dalam minggu",
            Say::ToDateMonth => "bulan kalender sebelum bulan ini, sampai titik yang sama dalam bulan",
            Say::ToDateQuarter => "triwulan kalender sebelum triwulan ini, sampai titik yang sama dalam triwulan",
            Say::ToDateYear => "tahun kalender sebelum tahun ini, sampai titik yang sama dalam tahun",
            Say::Filtered => "{0} (hanya baris dengan {1})",
            Say::RowsWhere => "{0} dengan {1}",
            Say::AnyRow => "ada setidaknya satu baris {0}",
            Say::NoRow => "tidak ada satu pun baris {0}",
            Say::EveryRow => "untuk setiap baris {0} berlaku bahwa {1}",
            Say::CountRows => "banyaknya baris {0}",
            Say::CountKnown => "banyaknya baris {1} (dengan [0] yang diketahui)",
            Say::CountDistinct => "banyaknya [0] yang berbeda pada baris {1}",
            Say::Sum => "jumlah [0] pada baris {1}",
            Say::Avg => "rata-rata [0] pada baris {1}",
            Say::Min => "[0] terkecil pada baris {1}",
            Say::Max => "[0] terbesar pada baris {1}",
            Say::Earliest => "[0] paling awal pada baris {1}",
            Say::Latest => "[0] paling akhir pada baris {1}",
            Say::Median => "median [0] pada baris {1}",
            Say::Stddev => "simpangan baku [0] pada baris {1}",
            Say::First => "[0] pertama yang diketahui pada baris {1}",
            Say::Last => "[0] terakhir yang diketahui pada baris {1}",
            Say::Mode => "[0] yang paling sering pada baris {1}",
            Say::ModeShare => "bagian dari [0] yang paling sering pada baris {1}",
            Say::ModeCount => "seberapa sering [0] yang paling sering muncul pada baris {1}",
            Say::Percentile => "persentil ke-{2} dari [0] pada baris {1}",
            Say::OfGroup => "kelompok itu",
            Say::Calculation => "nilai yang dihitung",
            Say::SomeRows => "{0} (hanya sebagian)",
            Say::InOrder => "baris-baris ini datang satu demi satu:",
            Say::InOrderDuring => "baris-baris ini datang satu demi satu, semuanya {0}:",
            Say::InOrderWithin => "baris-baris ini datang satu demi satu, dari yang pertama sampai yang terakhir {0}:",
            Say::InOrderDuringWithin => {
                "baris-baris ini datang satu demi satu, semuanya {0}, dari yang pertama sampai yang terakhir {1}:"
            }
            Say::FirstStep => "mula-mula satu baris {0}",
            Say::NextStep => "kemudian satu baris {0}",
            Say::NextStepWithin => "lalu, {1} setelah baris sebelumnya, satu baris {0}",
            Say::NeverStep => "setelah itu, sampai baris berikutnya di sini atau saat evaluasi, tidak ada baris {0}",
            Say::NeverStepWithin => "setelah itu, {1}, yang harus sudah berlalu, tidak ada baris {0}",
            Say::CalledRow => "{0} (di sini disebut {1})",
            Say::Tile => {
                "bagian dari 1 (terendah) sampai {1} (tertinggi), bila semua diurutkan menurut [0] dan dibagi menjadi {1} bagian sama besar, {2}"
            }
            Say::Score => {
                "skor dari 1 (terendah) sampai {1} (tertinggi) menurut [0], dengan nilai sama mendapat skor sama, {2}"
            }
            Say::PercentRank => "bagian dari yang lain dengan [0] lebih kecil (dari 0 sampai 1), {2}",
            Say::PercentileOfAll => "angka yang di bawahnya terletak {1}% dari semua nilai [0], {2}",
            Say::Highest => "{3} termasuk {1} tertinggi menurut [0], {2}",
            Say::Lowest => "{3} termasuk {1} terendah menurut [0], {2}",
            Say::HighestShare => "{3} termasuk {1} tertinggi menurut [0], {2}",
            Say::LowestShare => "{3} termasuk {1} terendah menurut [0], {2}",
            Say::AmongKnown => "di antara semua yang nilainya diketahui",
            Say::AmongThose => "di antara mereka yang memenuhi bahwa {0} dan nilainya diketahui",
            Say::PerGroup => "{0}, terpisah untuk setiap nilai [1]",
            Say::Frozen => "{0}; titik potongnya disimpan, dan hanya berubah bila dihitung ulang",
            Say::TierFirst => "nama kelompok pertama yang cocok dari:",
            Say::TierNotBefore => "tidak ada kelompok sebelumnya yang cocok:",
            Say::Named => "{0}: {1}",
            Say::TierRest => "semua yang lain",
            Say::FrozenOf => "{0}; titik potongnya adalah dari {1}, disimpan sampai dihitung ulang",
            Say::FrozenAt => "{0}; titik potongnya adalah dari {1}, disimpan sampai dihitung ulang: {2}",
            Say::OnlyWithin => "hanya untuk yang termasuk dalam segmen {0}",
            Say::Cells => "skor {0} adalah salah satu dari ini, satu angka untuk setiap skor menurut urutan itu: {1}",
            Say::TableWhere => "baris {0} yang memenuhi bahwa {1}",
            Say::TableOf => "baris {0}",
            Say::TableDistinct => "{0}; dari baris dengan {1} yang sama hanya yang pertama",
            Say::TableGrouped => "satu baris untuk setiap {0} dan {1}, dibuat dari {2}",
            Say::GroupFirst => "waktu baris pertamanya",
            Say::GroupTime => "{0}; waktunya adalah {1}",
            Say::TableSql => "baris dari kueri (SQL) atas {0}",
            Say::SubjectOf => "satu baris {0}",
            Say::SubjectsIn => "siapa pun yang disebut oleh baris {0}",
            Say::DivisionOf => "nama kelompok yang cocok dari:",
            Say::FineUnknown => {
                "Tidak diketahui: perbandingan dengan nilai yang tidak diketahui tidak benar dan tidak salah. Anggota hanyalah mereka yang syaratnya benar."
            }
            Say::FineRows => {
                "Sebuah baris dihitung hanya bila syaratnya benar; syarat yang tidak diketahui tidak cukup."
            }
            Say::FineEmpty => "Tanpa baris, banyaknya dan jumlahnya 0; angka yang lain tidak diketahui.",
            Say::FineFirst => "Baris pertama dan terakhir menurut waktu; baris dengan waktu sama menurut urutan tabel.",
            Say::FineMode => "Dari beberapa nilai yang sama seringnya, yang terkecil dihitung.",
            Say::FineDeviation => "Simpangan baku adalah untuk sampel, dan tidak diketahui bila kurang dari dua nilai.",
            Say::FineRound => "Yang tepat di tengah dibulatkan ke tetangga genap.",
            Say::FineLeast => {
                "Yang terkecil atau terbesar dari beberapa nilai tidak diketahui bila salah satunya tidak diketahui."
            }
            Say::FineText => "Teks diurutkan huruf demi huruf menurut titik kode: huruf besar sebelum huruf kecil.",
            Say::FineRolling => {
                "Jendela sekian hari berakhir pada saat evaluasi atau sekian lama sebelumnya. Yang terjadi tepat pada akhirnya termasuk, yang terjadi tepat pada awalnya tidak."
            }
            Say::FineRollingDays => {
                "Jendela sekian hari meliputi hari-hari penuh di {0}, termasuk hari ini. Jendela dalam jam atau menit tepat: akhirnya termasuk, awalnya tidak."
            }
            Say::FineCalendar => {
                "Hari kalender mulai tengah malam di {0}, minggu mulai hari {1}. Yang terjadi pada saat evaluasi termasuk, yang lebih lambat tidak."
            }
            Say::FineAbsolute => "Hari yang disebut adalah hari penuh di {0} dan termasuk.",
            Say::FineAgo => {
                "“Sekian lama yang lalu” dihitung dari saat evaluasi; hari dan satuan yang lebih panjang mengikuti kalender {0}."
            }
            Say::FineDateAndTime => {
                "Tanggal yang dibandingkan dengan waktu dibandingkan dengan hari dari waktu itu di {0}."
            }
            Say::FineElapsed => "Lama waktu dibandingkan sebagai waktu yang berlalu: satu hari adalah 24 jam.",
            Say::FineAge => "Usia adalah tahun penuh sampai hari ini di {0}.",
            Say::FineNear => "Kedekatan dengan hari ini dihitung dalam hari penuh di {0}; hari ini termasuk.",
            Say::FineAnniversary => {
                "Hari ulang tahun tidak melihat tahunnya; 29 Februari di tahun lain dianggap 28 Februari."
            }
            Say::FineDivision => "Hasil pembagian dengan nol tidak diketahui.",
            Say::FineEvery => {
                "“Untuk setiap baris” juga benar bila tidak ada baris; satu baris yang tidak diketahui membuatnya salah."
            }
            Say::FineSequence => {
                "Baris yang kemudian mempunyai waktu lebih besar. Baris pada saat yang sama hanya berurutan bila dari satu tabel data, menurut urutannya. Baris lain boleh ada di antaranya."
            }
            Say::FineTies => "Dari nilai yang sama di batas, kunci yang lebih kecil didahulukan.",
            Say::FinePer => "Mereka yang kelompoknya tidak diketahui menjadi satu kelompok sendiri.",
            Say::FineShare => "Bagian dari yang tertinggi atau terendah dibulatkan ke atas.",
            Say::FineTiles => "Bila bagian tidak bisa sama besar, bagian yang rendah lebih besar satu.",
            Say::FinePercentile => {
                "Persentil atau median yang jatuh di antara dua nilai terletak di antaranya secara proporsional."
            }
            Say::FineScore => {
                "Skor adalah banyaknya skor kali bagian mereka yang nilainya paling banyak sama, dibulatkan ke atas."
            }
            Say::FinePercentRank => "Bagi satu-satunya dalam lingkungannya, bagiannya 0.",
            Say::FineRanks => {
                "Yang tidak termasuk yang diperingkat tidak punya peringkat, dan tidak termasuk yang tertinggi atau terendah."
            }
            Say::FineForAll => {
                "Persentil di antara subjek adalah satu angka yang diketahui untuk semua, juga bagi yang tidak termasuk di antaranya."
            }
            Say::FineSample => "Undian tetap: teks yang sama selalu memilih orang yang sama.",
            Say::FineSegments => {
                "Keanggotaan segmen tidak pernah tidak diketahui: yang tidak pasti anggota bukan anggota."
            }
            Say::FineCurrency => "Uang dalam {2} bila tidak disebut lain.",
            Say::HeadWhere => "Arti nama-nama",
            Say::HeadRestsOn => "Segmen yang ditanyakan",
            Say::HeadFine => "Tepatnya",
            Say::HeadReads => "Apa yang dibaca",
            Say::HeadLives => "Bagaimana anggotanya berubah",
            Say::DescribedAs => "Keterangan: {0}",
            Say::Owner => "Penanggung jawab: {0}",
            Say::ReadsTable => "tabel {0}: {1}",
            Say::ReadsNoColumns => "tabel {0}",
            Say::ReadsFeature => "dihitung: {0}",
            Say::SharedWith => "{0}; dihitung juga untuk {1}",
            Say::LivesRows => "bila ada baris baru atau perbaikan di {0}",
            Say::LivesClock => "seiring waktu, walaupun tidak ada baris baru: {0}",
            Say::LivesOthers => "bila yang lain berubah: {0}",
            Say::LivesStill => "tidak oleh waktu saja",
            Say::LivesAlone => "tidak karena yang lain",
            Say::ClockWindow => "jendela dari [0]",
            Say::ClockSequence => "waktu yang dimiliki suatu urutan",
            Say::ClockToday => "yang dihitung dari hari ini",
            Say::ClockNow => "yang dibandingkan dengan saat evaluasi",
            Say::ClockNear => "kedekatan dengan hari ini",
            Say::ClockAge => "{0}, dihitung sampai hari ini",
            Say::OtherRank => "tempat di antara yang lain menurut [0]",
            Say::OtherKind => "nilai dari {0}",
            Say::OtherQuery => "kueri dari tabel {0}",
            Say::OtherRows => "baris {0} yang dihitung sekali di antara milik semua",
        }
    }

    fn duration(&self, length: Duration) -> String {
        let unit = match length.unit {
            Unit::Minute => "menit",
            Unit::Hour => "jam",
            Unit::Day => "hari",
            Unit::Week => "minggu",
            Unit::Month => "bulan",
            Unit::Quarter => "triwulan",
            Unit::Year => "tahun",
        };
        format!("{} {unit}", length.count)
    }

    fn within(&self, length: Duration) -> String {
        format!("dalam {}", self.duration(length))
    }

    fn ago(&self, length: Duration) -> String {
        format!("{} yang lalu", self.duration(length))
    }

    fn rolling(&self, length: Duration) -> String {
        format!("selama {} terakhir", self.duration(length))
    }

    fn previous(&self, length: Duration) -> String {
        format!("selama {0} sebelum {0} terakhir", self.duration(length))
    }

    fn ending(&self, length: Duration, ago: Duration) -> String {
        format!("selama {} yang berakhir {}", self.duration(length), self.ago(ago))
    }

    fn day(&self, day: NaiveDate) -> String {
        const MONTHS: [&str; 12] = [
            "Januari",
            "Februari",
            "Maret",
            "April",
            "Mei",
            "Juni",
            "Juli",
            "Agustus",
            "September",
            "Oktober",
            "November",
            "Desember",
        ];
        let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
        format!("{} {month} {}", day.day(), day.year())
    }

    fn weekday(&self, day: Weekday) -> &'static str {
        match day {
            Weekday::Mon => "Senin",
            Weekday::Tue => "Selasa",
            Weekday::Wed => "Rabu",
            Weekday::Thu => "Kamis",
            Weekday::Fri => "Jumat",
            Weekday::Sat => "Sabtu",
            Weekday::Sun => "Minggu",
        }
    }

    fn marks(&self) -> Marks {
        Marks { thousands: ".", decimal: ",", percent: "", grouped_from: 4, quotes: ("“", "”") }
    }
}
