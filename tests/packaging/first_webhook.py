"""Run by test_imports: takes in one webhook and prints the modules that were loaded for it.

The store is in memory; the broker is the real adapter at an address where nobody listens, so what
the answer needs of it is loaded, and the answer is 202 all the same.
"""

import asyncio
import json
import os
import sys
from datetime import UTC, datetime

import azure.functions as func
from standardwebhooks.webhooks import Webhook

from function_app import create_app
from shared.bootstrap import build
from shared.names import FunctionName
from shared.settings import Settings
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.controls import FakeControls

BODY = b'{"id":"evt-1","type":"joiner","userPrincipalName":"robin@contoso.example"}'


async def answer() -> func.HttpResponse:
    settings = Settings.from_environment(os.environ)
    now = datetime.now(UTC)
    signature = Webhook(os.environ["HR_SECRET_DEMO_1"]).sign("msg_1", now, BODY.decode())
    async with build(
        settings, cases=FakeCases(), claims=FakeClaims(), controls=FakeControls()
    ) as services:
        app = create_app(lambda: services)
        (webhook,) = (
            function.get_user_function()
            for function in app.get_functions()
            if function.get_function_name() == FunctionName.ONBOARDING_WEBHOOK
        )
        request = func.HttpRequest(
            method="POST",
            url="https://intake.contoso.example/api/onboarding/demo",
            headers={
                "webhook-id": "msg_1",
                "webhook-timestamp": str(int(now.timestamp())),
                "webhook-signature": signature,
            },
            route_params={"source": "demo"},
            body=BODY,
        )
        answered: func.HttpResponse = await webhook(request)
        return answered


status = asyncio.run(answer()).status_code
sys.stdout.write(json.dumps({"status": status, "modules": sorted(sys.modules)}))
