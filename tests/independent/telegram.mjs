// Runs the emulator of the Bot API, and a customer's phone. The first line out is its address;
// then each line in is a deed with its arguments, each line out what came of it.
// The first argument is the directory of the packages, the second the bot's token.
import { createServer } from "node:net";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [packages, token] = process.argv.slice(2);
const TelegramServer = createRequire(`${packages}/`)("telegram-test-api");

const port = await new Promise((resolve) => {
  const probe = createServer().listen(0, "127.0.0.1", () => {
    const { port } = probe.address();
    probe.close(() => resolve(port));
  });
});
const server = new TelegramServer({ host: "127.0.0.1", port });
await server.start();
const phone = server.getClient(token, { userId: 57, chatId: 57 });

// JavaScript counts as Telegram does, in UTF-16 units: so it cuts out what entities mark.
const cut = ({ text, entities = [] }) =>
  entities.map(({ type, offset, length }) => [type, text.slice(offset, offset + length)]);

const deeds = {
  say: (text) => phone.sendMessage(phone.makeMessage(text)),
  press: (data) => phone.sendCallback(phone.makeCallbackQuery(data)),
  history: async () =>
    (await phone.getUpdatesHistory())
      .filter(({ message }) => message?.chat_id)
      .map(({ messageId, message }) => ({ ...message, id: messageId, marked: cut(message) })),
};

console.log(server.config.apiURL);
for await (const line of createInterface({ input: process.stdin })) {
  const [deed, ...words] = JSON.parse(line);
  console.log(JSON.stringify(await deeds[deed](...words)));
}
await server.stop();
