"""Dates of feeds and pages: their formats, languages, time zones and precision."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wirekin.model import Precision
from wirekin.parse import _dates
from wirekin.parse.pages import _months
from wirekin.parse.pages._times import Times


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("written", "expected", "precision"),
    [
        ("Sun, 22 Nov 2026 09:00:05 GMT", at(2026, 11, 22, 9, 0, 5), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 +0330", at(2026, 11, 22, 5, 30), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00 +330", at(2026, 11, 22, 5, 30), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00 -040", at(2026, 11, 22, 13), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00 +053", at(2026, 11, 22, 3, 30), Precision.INSTANT),
        ("22 Nov 26 09:00 EST", at(2026, 11, 22, 14), Precision.INSTANT),
        ("sunday, 22 november 2026 9:00 pm CET", at(2026, 11, 22, 20), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 GMT+02:00", at(2026, 11, 22, 7), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00 -0800 (PST)", at(2026, 11, 22, 17), Precision.INSTANT),
        ("Sun, 22 Nov 2026 09:00:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("Sun, 22 Nov 2026", at(2026, 11, 22), Precision.DAY),
        ("Sun Nov 22 09:00:00 PST 2026", at(2026, 11, 22, 17), Precision.INSTANT),
        ("November 22, 2026 at 9:05 am UTC", at(2026, 11, 22, 9, 5), Precision.INSTANT),
        ("Sunday, November 22, 2026 - 09:05", at(2026, 11, 22, 9, 5), Precision.LOCAL),
        ("Sun, 22 Nov 2026 - 09:05", at(2026, 11, 22, 9, 5), Precision.LOCAL),
        ("2026-11-22T09:00:00Z", at(2026, 11, 22, 9), Precision.INSTANT),
        ("2026-11-22T09:00:00.123+03:00", at(2026, 11, 22, 6), Precision.INSTANT),
        ("2026-11-22T09:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026-11-22 09:00:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026/11/22", at(2026, 11, 22), Precision.DAY),
        ("20261122", at(2026, 11, 22), Precision.DAY),
        ("20261122T090000Z", at(2026, 11, 22, 9), Precision.INSTANT),
        ("22.11.2026 09:00", at(2026, 11, 22, 9), Precision.LOCAL),
        ("2026-11-22T24:00:00Z", at(2026, 11, 23), Precision.INSTANT),
        ("2026-06-30T23:59:60Z", at(2026, 6, 30, 23, 59, 59), Precision.INSTANT),
    ],
)
def test_dates_are_read_with_their_precision(written: str, expected: datetime, precision: Precision) -> None:
    stamp = _dates.read_date(written)

    assert stamp is not None
    assert (stamp.at, stamp.precision) == (expected, precision)


def test_a_day_has_no_offset_and_a_time_the_one_of_its_zone() -> None:
    stamps = [_dates.read_date(written) for written in ("2026-11-22", "2026-11-22T09:00+03:30")]

    assert [stamp.offset for stamp in stamps if stamp] == [timedelta(0), timedelta(hours=3.5)]


@pytest.mark.parametrize(
    "written",
    [
        "0000-00-00",
        "0000-00-00T00:00:00Z",
        "2024-02-30",
        "30 Feb 2024 09:00:00 GMT",
        "9999-12-31T23:59:59Z",
        "0001-01-01T00:00:00Z",
        "Mon, 01 Jan 0001 00:00:00 +0000",
        "2026-13-01",
        "2026-11-22T25:00:00Z",
        "2026-11-22T09:61:00Z",
        "2026-11-22T09:00:61Z",
        "1970-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-11-22T09:00:00+99:00",
        "22 Foo 2026 09:00:00 GMT",
    ],
)
def test_an_impossible_date_gives_no_instant(written: str) -> None:
    stamp = _dates.read_date(written)

    assert stamp is not None
    assert stamp.at is None


@pytest.mark.parametrize("written", ["", "yesterday", "2 hours ago", "soon", "12/11/2026"])
def test_a_date_of_an_unknown_format_is_left_to_other_readers(written: str) -> None:
    assert _dates.read_date(written) is None


@given(st.text(max_size=80))
def test_random_text_raises_nothing(written: str) -> None:
    _dates.read_date(written)
    _months.read_date(written)


@given(st.datetimes(min_value=datetime(1971, 1, 1), max_value=datetime(2099, 1, 1)))  # noqa: DTZ001 - a zone is added
def test_a_date_written_in_iso_format_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    stamp = _dates.read_date(moment.isoformat())

    assert stamp is not None
    assert stamp.at == moment


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("24 марта 2026, 08:22", at(2026, 3, 24, 8, 22)),
        ("16 de marzo de 2026", at(2026, 3, 16)),
        ("le 3 mars 2026 à 7h05", at(2026, 3, 3, 7, 5)),
        ("3. März 2026, 07:05 Uhr", at(2026, 3, 3, 7, 5)),
        ("10 مارس 2026 - 09:12", at(2026, 3, 10, 9, 12)),
        ("١٠ مارس ٢٠٢٦", at(2026, 3, 10)),
        ("10 במרץ 2026", at(2026, 3, 10)),
        ("10 Mart 2026", at(2026, 3, 10)),
        ("March 10, 2026", at(2026, 3, 10)),
        ("2026年3月10日 09:12", at(2026, 3, 10, 9, 12)),
        ("Stand: 25.03.2026", at(2026, 3, 25)),
        ("شنبه ۳۰ آبان ۱۴۰۵ ساعت ۰۸:۱۵", at(2026, 11, 21, 8, 15)),  # Iran's calendar
        ("1405/01/01", at(2026, 3, 21)),
        ("30 اسفند 1399", at(2021, 3, 20)),  # a leap year
        ("15:42, 12 марта 2026", at(2026, 3, 12, 15, 42)),
        ("00:01 — 10 марта 2026", at(2026, 3, 10, 0, 1)),
        ("10:15 PM Thu, March 12, 2026", at(2026, 3, 12, 22, 15)),
        ("10:15 AM EST, March 12, 2026", at(2026, 3, 12, 15, 15)),
        ("午後3:05 2026年3月12日", at(2026, 3, 12, 15, 5)),
        ("1:12:20 12 March 2026", at(2026, 3, 12)),  # the length of a film
    ],
)
def test_dates_in_words_are_read(written: str, expected: datetime) -> None:
    stamp = _months.read_date(written)

    assert stamp is not None
    assert stamp.at == expected


@pytest.mark.parametrize("written", ["05/03/2026", "05-03-2026", "5/3/2026, 14:10"])
def test_a_date_of_numbers_alone_is_read_where_the_day_is_known_to_stand_first(written: str) -> None:
    stamp = _months.read_date(written, day_first=True)

    assert _months.read_date(written) is None
    assert stamp is not None
    assert stamp.at is not None
    assert (stamp.at.month, stamp.at.day) == (3, 5)


MONTHS = {
    "az": "yanvar fevral mart aprel may iyun iyul avqust sentyabr oktyabr noyabr dekabr",
    "be": "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня",
    "bg": "януари февруари март април май юни юли август септември октомври ноември декември",
    "bn": "জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর",
    "ca": "gener febrer març abril maig juny juliol agost setembre octubre novembre desembre",
    "cs": "ledna února března dubna května června července srpna září října listopadu prosince",
    "el": "Ιανουαρίου Φεβρουαρίου Μαρτίου Απριλίου Μαΐου Ιουνίου Ιουλίου Αυγούστου Σεπτεμβρίου "
    "Οκτωβρίου Νοεμβρίου Δεκεμβρίου",
    "et": "jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember",
    "fi": "tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta "
    "marraskuuta joulukuuta",
    "hi": "जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर",
    "hu": "január február március április május június július augusztus szeptember október november december",
    "hy": "հունվարի փետրվարի մարտի ապրիլի մայիսի հունիսի հուլիսի օգոստոսի սեպտեմբերի հոկտեմբերի նոյեմբերի դեկտեմբերի",
    "id": "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    "is": "janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember",
    "ka": "იანვარი თებერვალი მარტი აპრილი მაისი ივნისი ივლისი აგვისტო სექტემბერი ოქტომბერი ნოემბერი დეკემბერი",
    "kk": "қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан",
    "lt": "sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio",
    "lv": "janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
    "ro": "ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie",
    "sq": "janar shkurt mars prill maj qershor korrik gusht shtator tetor nëntor dhjetor",
    "sr": "јануар фебруар март април мај јун јул август септембар октобар новембар децембар",
    "sv": "januari februari mars april maj juni juli augusti september oktober november december",
    "sw": "Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba",
    "ta": "ஜனவரி பிப்ரவரி மார்ச் ஏப்ரல் மே ஜூன் ஜூலை ஆகஸ்ட் செப்டம்பர் அக்டோபர் நவம்பர் டிசம்பர்",
    "te": "జనవరి ఫిబ్రవరి మార్చి ఏప్రిల్ మే జూన్ జులై ఆగస్టు సెప్టెంబర్ అక్టోబర్ నవంబర్ డిసెంబర్",
    "th": "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
    "ur": "جنوری فروری مارچ اپریل مئی جون جولائی اگست ستمبر اکتوبر نومبر دسمبر",
}


@pytest.mark.parametrize("lang", MONTHS)
def test_the_months_of_many_languages_are_read(lang: str) -> None:
    months = MONTHS[lang].split()

    assert [_months.read_date(f"20 {name} 2026") for name in months] == [
        _months.read_date(f"2026-{number:02d}-20") for number in range(1, 13)
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20. listopada 2026.", at(2026, 10, 20)),  # Croatia's
        ("20 listopada 2026", at(2026, 11, 20)),  # Poland's
        ("2026. november 20., 10:30", at(2026, 11, 20, 10, 30)),
        ("2026 m. lapkričio 20 d.", at(2026, 11, 20)),
        ("20 tháng 11, 2026", at(2026, 11, 20)),
        ("20 พ.ย. 2569 10:30 น.", at(2026, 11, 20, 10, 30)),
        ("২০ নভেম্বর ২০২৬, ১০: ৩০", at(2026, 11, 20)),
    ],
)
def test_national_date_formats_are_read(written: str, expected: datetime) -> None:
    stamp = _months.read_date(written)

    assert stamp is not None
    assert stamp.at == expected


@pytest.mark.parametrize("written", ["iPhone 17 Pro 2026", "Top 10 styles 2026", "Take 5 major 2026"])
def test_words_that_only_begin_like_a_month_are_no_date(written: str) -> None:
    assert _months.read_date(written) is None


@pytest.mark.parametrize("written", ["05/03/2026", "in March 2026", "30 اسفند 1405", "31 مهر 1405", "1405/13/01"])
def test_an_ambiguous_incomplete_or_impossible_date_is_not_read(written: str) -> None:
    stamp = _months.read_date(written)

    assert stamp is None or stamp.at is None


def test_impossible_date_parts_give_no_instant() -> None:
    assert _dates.read_parts((2024, 2, 29, 1, 2, 3)) == at(2024, 2, 29, 1, 2, 3)
    assert _dates.read_parts((-1, 11, 30, 0, 0, 0)) is None
    assert _dates.read_parts((2**40, 11, 30, 0, 0, 0)) is None
    assert _dates.read_parts((9999, 12, 31, 0, 0, 0)) is None
    assert _dates.read_parts((1970, 1, 1, 0, 0, 0)) is None
    assert _dates.read_parts(None) is None
    assert _dates.read_parts("2026-11-02") is None  # type: ignore[arg-type]  # an element <published_parsed>


@pytest.mark.parametrize("zone", ["GMT", "+0000", "-0530", "+2359", "+2400", "-9900"])
@pytest.mark.parametrize("date", ["02 Nov 2026 10:00:00", "31 Feb 2026 10:00:00", "02 Nov 2026 24:00:00",
                                  "02 Nov 2026 10:60:00", "02 Nov 2026 10:00:60", "01 Jan 0001 00:00:00",
                                  "31 Dec 9999 23:59:59", "01 Zok 2026 10:00:00"])  # fmt: skip
def test_the_fast_reader_of_the_common_format_agrees_with_the_general_one(date: str, zone: str) -> None:
    common, general = f"Mon, {date} {zone}", f"Mon , {date} {zone}"

    assert repr(_dates.read_date(common)) == repr(_dates.read_date(general))


@given(st.from_regex(_dates._COMMON, fullmatch=True))
def test_a_date_that_matches_the_common_pattern_is_read(written: str) -> None:
    assert _dates.read_date(written) is not None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Sun, 22 Nov 2026 09:00:05 GMT", True),
        ("22.11.2026", True),
        ("2004-05-25 \u110b 11:23:17", False),
        ("soon", False),
    ],
)
def test_is_read_tells_whether_a_date_can_be_read(written: str, expected: bool) -> None:
    assert _dates.is_read(written) is expected


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("30.11.2026 14:05 МСК", "2026-11-30T11:05:00+00:00"),
        ("30 ноября 2026, 14:05 МСК", "2026-11-30T11:05:00+00:00"),
        ("30 ноября 2026 г. в 14:05 (мск)", "2026-11-30T11:05:00+00:00"),
        ("30 novembre 2026 à 14:05:10 CET", "2026-11-30T13:05:00+00:00"),
        ("30 ноября 2026, 14:05 мужчина", "2026-11-30T14:05:00+00:00"),
    ],
)
def test_time_zone_names_of_other_languages_are_read(written: str, utc: str) -> None:
    stamp = Times(None).read(written)

    assert stamp.at is not None
    assert stamp.at.isoformat() == utc
    assert stamp.precision is (Precision.LOCAL if "мужчина" in written else Precision.INSTANT)
