import {byId} from "./dom.js";

/** What keys do that are pressed once, by what they type; each is also a control on the page. */
export function shortcuts(pause) {
    const press = (id) => () => byId(id).click();
    const mode = (name) => () => document.querySelector(`input[name=mode][value=${name}]`).click();
    return {
        "1": mode("orbit"), "2": mode("fly"), "3": mode("walk"), "h": press("home"), "l": press("level"),
        "k": press("add-keyframe"), "p": press("show-photos"), "c": nextChannel, "?": press("show-help"), " ": pause,
    };
}

function nextChannel() {
    const all = [...document.querySelectorAll("input[name=channel]")];
    all[(all.findIndex((one) => one.checked) + 1) % all.length].click();
}
