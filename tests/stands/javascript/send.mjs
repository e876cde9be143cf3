// Sends messages with Microsoft's own client for JavaScript. It reads one JSON document:
// {"connection", "queue", "sendings": [[message, ...], ...]}; each sending is one batch.
// A message is {"json" | "base64" | "value" | "sequence", "messageId", "contentType", "properties"}.
import { text } from "node:stream/consumers";
import { createRequire } from "node:module";

const require = createRequire(process.argv[2]);
const { ServiceBusClient } = require("@azure/service-bus");

function messageOf({ json, base64, value, sequence, messageId, contentType, properties }) {
  if (value !== undefined || sequence !== undefined) {
    const bodyType = value !== undefined ? "value" : "sequence";
    return { bodyType, body: value ?? sequence, messageAnnotations: {}, applicationProperties: properties };
  }
  const body = base64 !== undefined ? Buffer.from(base64, "base64") : json;
  return { body, messageId, contentType, applicationProperties: properties };
}

const { connection, queue, sendings } = JSON.parse(await text(process.stdin));
const client = new ServiceBusClient(connection);
const sender = client.createSender(queue);
try {
  for (const messages of sendings) {
    const batch = await sender.createMessageBatch();
    for (const message of messages) {
      if (!batch.tryAddMessage(messageOf(message))) throw new Error("the batch is full");
    }
    await sender.sendMessages(batch);
  }
} finally {
  await sender.close();
  await client.close();
}
