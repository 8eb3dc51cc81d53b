"""An invented world of stories in five languages, for screenshots and tests of pages."""

from __future__ import annotations

from fakes_reader import World, fresh_feeds, headline_by, picture, story_with
from wirekin.model import Member


def original(title: str, paper: str, hours: float, lang: str = "en", **more) -> Member:
    # an arbitrary but repeatable score
    return Member(headline_by(title, paper, hours, lang, **more), score=0.55 + len(title) % 40 / 100)


def copy(of: Member, paper: str, hours: float) -> Member:
    again = headline_by(of.headline.title, paper, hours, of.headline.lang or "en", image=of.headline.image)
    return Member(again, of.headline.id, 0.97)


def sample_world(pictures: str = "https://pictures.example") -> World:
    """Ten invented events; no outlet and no event here is real."""
    strait = original(
        "Tanker seized in the strait as talks stall over inspections",
        "Harbor Courier",
        2.2,
        summary="Two patrol boats escorted the vessel to port before dawn. Its owner says that the crew of 21 is safe; negotiators in the capital say that nothing has changed.",
        image=picture("strait", pictures),
    )
    talks = original(
        "Iran Wants To Negotiate After Crippling Israeli Strikes",
        "The Daily Courant",
        9,
        summary="Diplomats of three states carried the same message on the same evening.",
    )
    drone = original(
        "Drone wave over the eastern towns: what is known at this hour",
        "Tidewater Post",
        5,
        image=picture("drone", pictures),
        summary="Power returned to most districts by noon. Hospitals asked for blood.",
    )
    gas = original("Russia reopens the northern pipeline for one week", "North Wire", 3, image=picture("gas", pictures))
    ru = original("Россия на неделю открывает северный газопровод: что известно", "Вестник Порта", 2.5, "ru")
    fa = original(
        "توقیف نفتکش در تنگه؛ مذاکره‌کنندگان: چیزی عوض نشده است",
        "روزنامه بندر",
        1.8,
        "fa",
        image=picture("fa", pictures),
    )
    ar = original("احتجاز ناقلة نفط في المضيق ومفاوضات متعثرة", "صحيفة الميناء", 1.5, "ar")
    he = original("מתקפת רחפנים על ערי המזרח: מה ידוע בשעה זו", "עיתון הנמל", 4, "he")
    world = World(feeds=fresh_feeds())
    world.stories = [
        story_with(strait, fa, ar, copy(strait, "Evening Ledger", 1.4), copy(strait, "Lakeside Times", 1.2),
             original("Ship seized near the strait; crew safe, says owner", "The Meridian", 1.1),
             original("Oil climbs two dollars after seizure in the strait", "Market Bell", 0.6)),
        story_with(talks, original("Tehran signals it is open to talks", "Hill Gazette", 8),
             original("«Готовы говорить»: Тегеран ответил после ударов", "Вестник Порта", 7, "ru"), topics=("iran", "israel-strikes")),
        story_with(original("Israel targets Iran’s Defense Ministry headquarters as Tehran unleashes", "Lakeside Times", 14), topics=("iran", "israel-strikes")),
        story_with(drone, he, original("Towns in the east count the damage", "Hill Gazette", 3), topics=("israel-strikes",)),
        story_with(original("Israel’s Operation To Destroy Iran’s Nuclear Program Enters New Phase", "The Daily Courant", 20), topics=("israel-strikes",)),
        story_with(gas, ru, copy(gas, "Evening Ledger", 2.8), copy(gas, "The Meridian", 2.7), topics=("russia",)),
        story_with(original("Two ministers leave the cabinet within an hour", "Hill Gazette", 26), original("Cabinet loses two ministers; no reason given", "Tidewater Post", 25), topics=("russia",)),
        story_with(original("Second tanker turned back from the strait as inspections widen", "Tidewater Post", 40), original("Tanker turned back before the strait", "Market Bell", 39)),
        story_with(original("إسقاط مسيّرات فوق المدن الشرقية وعودة الكهرباء إلى معظم الأحياء", "صحيفة الميناء", 6, "ar", summary="وقالت المستشفيات إنها بحاجة إلى متبرعين بالدم."),
             original("Power is back in most eastern towns", "Tidewater Post", 5.5), original("Свет вернули в восточные города", "Вестник Порта", 5, "ru"), topics=("israel-strikes",)),
        story_with(original("הממשלה דנה הלילה בהצעה להרחבת הבדיקות במצר", "עיתון הנמל", 7, "he", summary="ההצבעה נדחתה פעמיים."),
             original("Cabinet meets at night over inspections in the strait", "Hill Gazette", 6.5), topics=("iran",)),
        story_with(fa_alone := original("رئیس بانک مرکزی از برنامه تازه ارزی خبر داد", "روزنامه بندر", 11, "fa", summary="این برنامه از ابتدای ماه آینده اجرا می‌شود."), topics=("iran",)),
        story_with(original("A very long headline that a careful sub-editor would have cut in half, about the commission that will look into the delays of the other commission", "The Quiet Quarterly", 30), topics=("russia",)),
    ]  # fmt: skip
    assert fa_alone.headline.lang == "fa"
    return world


def led_by(lang: str, world: World) -> str:
    """The story that a headline of this language leads."""
    return next(detail.story.id for detail in world.stories if detail.story.lead.lang == lang)
