"""Posting a form to a hub: by the same client as every fetch, with the same guard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

import make
from fetching import Names, Slots, fetcher
from hub import CERTIFICATE, Hub
from wirekin.model import FetchFailed, FormRequest, Posted, Reason

FEED = make.feed()
FIELDS = (("hub.mode", "subscribe"), ("hub.topic", "https://a.example/ü?x=1&y=2"), ("hub.callback", "http://us/1"))


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub(tls=False, verifies=False) as serving:
        yield serving


def form(hub: Hub, *opened: Hub, url: str = "") -> FormRequest:
    """A form for a feed on the hub's own address, which is allowed, as are those of `opened`."""
    allowed = frozenset(one.netloc for one in (hub, *opened))
    return FormRequest(FEED.id, f"http://{hub.netloc}/feed", url or hub.url, FIELDS, allowed)


async def test_a_form_arrives_unchanged_with_our_user_agent_and_no_cookie(hub: Hub) -> None:
    async with fetcher() as it:
        result = await it.post(form(hub))

    assert result == Posted(FEED.id, 202)
    assert hub.forms == [dict(FIELDS)]
    assert hub.headers[0]["content-type"] == "application/x-www-form-urlencoded"
    assert hub.headers[0]["user-agent"].startswith("wirekin/")
    assert not {"cookie", "referer"} & set(hub.headers[0])


async def test_the_hosts_slot_is_taken_and_given_back(hub: Hub) -> None:
    slots = Slots()
    async with fetcher(slots=slots) as it:
        await it.post(form(hub))

    assert slots.log == [f"take {hub.host}", f"give back {hub.host}"]


async def test_a_form_is_not_posted_to_a_host_that_is_busy_for_too_long(hub: Hub) -> None:
    slots = Slots(busy={hub.host: make.at(1)})
    async with fetcher(slots=slots) as it:
        result = await it.post(form(hub))

    assert isinstance(result, FetchFailed)
    assert hub.forms == []


async def test_a_form_follows_a_307_to_another_hub_only_if_that_address_is_allowed(hub: Hub) -> None:
    with Hub("127.0.0.72", tls=False, verifies=False) as other:
        hub.redirects_to = other.url
        async with fetcher() as it:
            followed = await it.post(form(hub, other))
            refused = await it.post(form(hub))

    assert followed == Posted(FEED.id, 202)
    assert other.forms == [dict(FIELDS)]
    assert isinstance(refused, FetchFailed)


@pytest.mark.parametrize(("status", "forms"), [(301, 0), (302, 0), (303, 0), (307, 1), (308, 1)])
async def test_a_form_is_sent_on_only_by_the_redirects_that_keep_it_a_post(hub: Hub, status: int, forms: int) -> None:
    with Hub("127.0.0.72", tls=False, verifies=False) as other:
        hub.redirects_to, hub.redirects_by = other.url, status
        async with fetcher() as it:
            await it.post(form(hub, other))

    assert len(other.forms) == forms


async def test_a_form_does_not_follow_a_redirect_from_https_to_http(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with Hub("127.0.0.72", redirects_to=hub.url) as safe:
        async with fetcher() as it:
            result = await it.post(form(safe, hub))

    assert isinstance(result, FetchFailed)
    assert result.reason is Reason.REDIRECTS
    assert hub.forms == []


@pytest.mark.parametrize(
    ("status", "reason"), [(302, Reason.UNEXPECTED_STATUS), (404, Reason.NOT_FOUND), (503, Reason.UNAVAILABLE)]
)
async def test_a_status_that_is_no_success_is_a_failure_with_its_reason(hub: Hub, status: int, reason: Reason) -> None:
    hub.answers = status
    async with fetcher() as it:
        result = await it.post(form(hub))

    assert isinstance(result, FetchFailed)
    assert (result.status, result.reason) == (status, reason)


async def test_an_unreachable_hub_is_a_failure() -> None:
    with Hub(tls=False) as gone:
        request = form(gone)
    async with fetcher(deadline=timedelta(seconds=5)) as it:
        result = await it.post(request)

    assert isinstance(result, FetchFailed)


async def test_a_public_feed_cannot_make_us_post_to_a_private_hub(hub: Hub) -> None:
    public = replace(form(hub), feed_url="https://public.example/feed")
    async with fetcher() as it:
        by_port = await it.post(public)
    by_name = replace(public, url="http://rebound.example/")
    async with fetcher(resolver=Names({"rebound.example": ["127.0.0.71"]})) as it:
        rebound = await it.post(by_name)

    assert [one.reason for one in (by_port, rebound) if isinstance(one, FetchFailed)] == [
        Reason.BAD_URL,
        Reason.FORBIDDEN_ADDRESS,
    ]
    assert hub.forms == []
