"""A signing program as it runs on a person's machine: the words of VGCA Sign Service, test keys.

A real WebSocket server: it takes one request as JSON, fetches the file, signs it with a certificate
of the tests, sends it to the address that it was told, and answers as that address answered.
"""

import asyncio
import json
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import ClientSession, FormData, WSMsgType, web

from tests import files

Sign = Callable[[bytes], bytes]


class FakePlugin:
    """`with FakePlugin("Nguyễn Đức Thành", "signer_signature") as program: program.url`.

    ``mood``: "sign"; "cancel" (the person closes the window); "refuse" (without words); "vanish"
    (the connection breaks before the file is signed; ``go_on`` signs it afterwards); "break" (the
    same, and nothing is ever signed); "lie" (says signed, and sends nothing); "rubbish".
    """

    def __init__(
        self, owner: str, field: str, mood: str = "sign", sign: Sign | None = None
    ) -> None:
        self.owner, self.field, self.mood = owner, field, mood
        self.sign = sign or (
            lambda data: files.sign(data, self.owner, field=self.field, certify=True)
        )
        self.heard: list[tuple[str, dict[str, Any]]] = []
        self.replies: list[dict[str, Any]] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._ready, self._go_on = threading.Event(), asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def go_on(self) -> None:
        """The window is still open after the connection broke: now the person signs."""
        self._loop.call_soon_threadsafe(self._go_on.set)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._stop = asyncio.Event()
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        app = web.Application(client_max_size=1 << 26)
        app.router.add_get("/{operation}", self._answer)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"ws://127.0.0.1:{runner.addresses[0][1]}"
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()

    async def _answer(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        message = await socket.receive()
        if message.type != WSMsgType.TEXT:
            return socket
        asked = json.loads(message.data)
        self.heard.append((request.match_info["operation"], asked))
        if self.mood in ("vanish", "break"):
            assert request.transport is not None
            request.transport.abort()
            if self.mood == "vanish":
                await self._go_on.wait()
                await self._work(asked)
            return socket
        reply = await self._reply(asked)
        self.replies.append(reply)
        await socket.send_str("rubbish" if self.mood == "rubbish" else json.dumps(reply))
        await socket.close()
        return socket

    async def _reply(self, asked: dict[str, Any]) -> dict[str, Any]:
        blank = {"FileName": "", "FileServer": "", "DocumentNumber": "", "DocumentDate": ""}
        if self.mood == "cancel":
            return {"Status": 1, "Message": "Người dùng hủy thao tác ký số", **blank}
        if self.mood in ("refuse", "rubbish"):
            return {"Status": 500, "Message": "", **blank}
        if self.mood == "lie":
            return {"Status": 0, "Message": "", **blank}
        return {**blank, **await self._work(asked)}

    async def _work(self, asked: dict[str, Any]) -> dict[str, Any]:
        async with ClientSession() as session:
            async with session.get(asked["FileName"]) as answer:
                if answer.status != 200:
                    return {"Status": 1, "Message": f"HTTP {answer.status}"}
                data = await answer.read()
            signed = await asyncio.to_thread(self.sign, data)
            form = FormData()
            form.add_field(
                "uploadfile", signed, filename="signed.pdf", content_type="application/pdf"
            )
            async with session.post(asked["FileUploadHandler"], data=form) as answer:
                said: dict[str, Any] = await answer.json()
                return said
