import {byId, download, element} from "./dom.js";
import {notice, trying} from "./notices.js";

const NAMES = {color: "Color", depth: "Depth", normals: "Normals", opacity: "Opacity", error: "Error"};

/** What is shown: the channel, what is drawn above it, the field of view. */
export class PicturePanel {
    #stream;
    #picture;

    /** @param layers {photos, thumbnails, cells, film: (visible) => void}; @param redraw called after one of them */
    constructor(scene, eye, stream, picture, layers, redraw) {
        this.#stream = stream;
        this.#picture = picture;
        for (const channel of scene.channels) {
            const choice = element("input", {type: "radio", name: "channel", value: channel,
                checked: channel === stream.channel});
            choice.addEventListener("change", () => this.#show(channel));
            byId("channels").append(element("label", {}, choice, element("span", {}, NAMES[channel] ?? channel)));
            byId("film-channel").append(element("option", {value: channel, hidden: channel === "error"},
                    NAMES[channel] ?? channel));
        }
        for (const [name, show] of Object.entries(layers)) {
            const box = byId("show-" + name);
            box.addEventListener("change", () => {
                trying(async () => show(box.checked));
                redraw();
            });
            show(box.checked);
        }
        byId("fov").addEventListener("input", () => {
            eye.fov = byId("fov").valueAsNumber;
        });
        byId("save-picture").addEventListener("click", () => this.#save(scene.name));
    }

    #show(channel) {
        this.#stream.channel = channel;
        byId("error-hint").hidden = channel !== "error";
    }

    async #save(name) {
        const png = await this.#picture.png();
        if (png === null) {
            notice("There is no picture yet.");
            return;
        }
        const {channel, step} = this.#picture.frame;
        download(png, `${name}-${channel}-${step}.png`);
    }

    update(eye) {
        const fov = Math.round(eye.fov);
        if (document.activeElement !== byId("fov")) {
            byId("fov").value = fov;
        }
        byId("fov-value").textContent = fov + "°";
    }
}
