import {byId} from "./dom.js";
import {Live} from "./live.js";
import {notice, showConnection} from "./notices.js";
import {tabs} from "./tabs.js";
import {Viewer} from "./viewer.js";

const live = new Live();
let viewer = null;

tabs(byId("tabs"), byId("panel"));
byId("show-help").addEventListener("click", () => byId("help").showModal());

live.addEventListener("connection", ({detail: state}) => {
    showConnection(state);
    byId("waiting-text").textContent = state === "live" ? "Waiting for the first picture…" : "";
});
live.addEventListener("error", ({detail: {message}}) => notice(message, "bad"));
live.addEventListener("scene", ({detail: scene}) => {
    if (viewer === null) {
        document.title = `${scene.name} · Eikonal`;
        byId("scene-name").textContent = scene.name;
        viewer = new Viewer(scene, live);
    } else if (viewer.scene.name !== scene.name || viewer.scene.run !== scene.run) {
        location.reload();
    }
    viewer.renew(scene);
});
live.connect();
