import {byId, element} from "./dom.js";

const SHOWN_FOR = 6000;
const MOST = 3;

/** Says something for a few seconds; screen readers say it, too. */
export function notice(text, kind = "plain") {
    const list = byId("notices");
    const made = element("p", {className: "notice " + kind}, text);
    if (list.lastChild?.textContent === text) {
        list.lastChild.remove();
    }
    list.append(made);
    while (list.children.length > MOST) {
        list.firstChild.remove();
    }
    setTimeout(() => made.remove(), SHOWN_FOR);
}

/** Does what may be refused, and says why if it was. */
export async function trying(action) {
    try {
        return await action();
    } catch (problem) {
        notice(problem.message, "bad");
        return undefined;
    }
}

const WORDS = {
    lost: ["Connection lost", "Trying again. The picture is the last one that came."],
    refused: ["This link is no longer good", "Its token is missing or of an earlier start. Open the link that eikonal"
        + " printed where it runs."],
    away: ["Resting", "The page was out of sight."],
};

/** Shows how the connection is: live, lost, refused or away. */
export function showConnection(state) {
    document.body.dataset.connection = state;
    const [title, text] = WORDS[state] ?? ["", ""];
    byId("connection-title").textContent = title;
    byId("connection-text").textContent = text;
    byId("connection").hidden = state === "live";
}
