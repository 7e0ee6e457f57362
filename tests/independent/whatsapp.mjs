// Lets two libraries build the requests that we would send. In: a list of requests. Out: for each,
// by library, what it built from the same content, or why it would not. Only the content is taken
// from ours; every key and every limit is the library's own. Nothing is sent anywhere.
import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.argv[2]}/`);
const load = (name) => import(pathToFileURL(require.resolve(name)));
const { WhatsAppClient, buildTemplateSendPayload } = require("@kapso/whatsapp-cloud-api");
const { WhatsAppAPI } = await load("whatsapp-api-js");
const {
  ActionButtons, ActionContactRequest, ActionList, Body, BodyComponent, BodyParameter, Button,
  Interactive, Language, ListSection, Row, Template, Text,
} = await load("whatsapp-api-js/messages");

let sent;
const fetch = async (_, { body }) => {
  sent = JSON.parse(body);
  return Response.json({ messages: [{ id: "wamid.1" }] });
};

const kind = (request) => request.status ?? request.interactive?.type ?? request.type;
const variables = (request) => request.template.components[0].parameters;

async function kapso(request) {
  const { messages } = new WhatsAppClient({ accessToken: "token", fetch });
  const { interactive, template } = request;
  const common = {
    phoneNumberId: "1", to: request.to, recipient: request.recipient,
    bizOpaqueCallbackData: request.biz_opaque_callback_data, bodyText: interactive?.body.text,
  };
  switch (kind(request)) {
    case "text":
      return messages.sendText({ ...common, body: request.text.body });
    case "button":
      return messages.sendInteractiveButtons({
        ...common, buttons: interactive.action.buttons.map(({ reply }) => reply),
      });
    case "list":
      return messages.sendInteractiveList({
        ...common, buttonText: interactive.action.button, sections: interactive.action.sections,
      });
    case "template":
      return messages.sendTemplate({
        ...common,
        template: buildTemplateSendPayload({
          name: template.name, language: template.language.code, body: variables(request),
        }),
      });
    case "read":
      return messages.markRead({
        phoneNumberId: "1", messageId: request.message_id,
        typingIndicator: { type: request.typing_indicator.type },
      });
    default:
      throw new Error(`unknown here: ${kind(request)}`);
  }
}

function written(request) {
  const { interactive, template } = request;
  const row = ({ id, title, description }) => new Row(id, title, description);
  const asked = (action) => new Interactive(action, new Body(interactive.body.text));
  switch (kind(request)) {
    case "text":
      return new Text(request.text.body);
    case "button":
      return asked(new ActionButtons(
        ...interactive.action.buttons.map(({ reply }) => new Button(reply.id, reply.title))
      ));
    case "list":
      return asked(new ActionList(
        interactive.action.button,
        ...interactive.action.sections.map(
          ({ title, rows }) => new ListSection(title, ...rows.map(row))
        )
      ));
    case "request_contact_info":
      return asked(new ActionContactRequest());
    case "template":
      return new Template(
        template.name,
        Object.assign(new Language(template.language.code), { policy: undefined }), // Meta's default
        new BodyComponent(...variables(request).map(({ text }) => new BodyParameter(text)))
      );
    default:
      throw new Error(`unknown here: ${kind(request)}`);
  }
}

async function apiJs(request) {
  const api = new WhatsAppAPI({ token: "token", v: "v25.0", secure: false, ponyfill: { fetch } });
  if (kind(request) === "read") {
    return api.markAsRead("1", request.message_id, request.typing_indicator.type);
  }
  const person = { phone: request.to, bsuid: request.recipient };
  const tracking = request.biz_opaque_callback_data;
  return api.sendMessage("1", person, written(request), undefined, tracking);
}

async function verdict(judge, request) {
  sent = undefined;
  try {
    await judge(request);
    return { built: sent };
  } catch (error) {
    return { refused: error.message };
  }
}

const verdicts = [];
for (const request of JSON.parse(await text(process.stdin))) {
  verdicts.push({
    "kapso": await verdict(kapso, request), "whatsapp-api-js": await verdict(apiJs, request),
  });
}
console.log(JSON.stringify(verdicts));
