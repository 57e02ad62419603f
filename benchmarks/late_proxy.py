"""A proxy in front of an emulator that answers late. Prints its port; ends with its stdin.

late_proxy.py UPSTREAM SECONDS
"""

import asyncio
import sys

import aiohttp
from aiohttp import web

HOPS = {"connection", "content-encoding", "content-length", "transfer-encoding"}


async def main(upstream, late):
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), auto_decompress=False,
                                     skip_auto_headers=["User-Agent", "Accept"]) as session:

        async def pass_on(request):
            body, _ = await asyncio.gather(request.read(), asyncio.sleep(late))
            async with session.request(request.method, upstream + request.raw_path, data=body,
                                       headers=request.headers, allow_redirects=False) as answer:
                headers = [(name, value) for name, value in answer.headers.items()
                           if name.lower() not in HOPS]
                return web.Response(status=answer.status, headers=headers, body=await answer.read())

        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{path:.*}", pass_on)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        print(site._server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], float(sys.argv[2])))
