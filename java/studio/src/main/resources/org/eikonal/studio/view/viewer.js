import {Vector3} from "./three.js";
import {byId} from "./dom.js";
import {Cells} from "./cells.js";
import {Controls} from "./controls.js";
import {CropBox} from "./crop-box.js";
import {CropPanel} from "./crop-panel.js";
import {Eye} from "./eye.js";
import {Film} from "./film.js";
import {FilmLine} from "./film-line.js";
import {FilmPanel} from "./film-panel.js";
import {Flight} from "./flight.js";
import {Frusta} from "./frusta.js";
import {Keyboard} from "./keyboard.js";
import {Overlay} from "./overlay.js";
import {PhotoView, fitting} from "./photo-view.js";
import {Picture} from "./picture.js";
import {PicturePanel} from "./picture-panel.js";
import {Preview} from "./preview.js";
import {Renders} from "./renders.js";
import {shortcuts} from "./shortcuts.js";
import {Stream} from "./stream.js";
import {TrainingPanel} from "./training-panel.js";

const LONGEST_SIDE = 1920;
const FRUSTUM = 0.06;

/** One scene on the page: what is seen, what is drawn in it, and the panels. */
export class Viewer {
    #live;
    #eye;
    #home;
    #stage = byId("stage");
    #picture = new Picture(byId("picture"));
    #overlay;
    #stream;
    #flight;
    #controls;
    #keyboard;
    #film = new Film();
    #preview;
    #frusta;
    #cropBox;
    #cells;
    #photoView;
    #training;
    #picturePanel;
    #renders;
    #narrow = 1;

    constructor(scene, live) {
        this.scene = scene;
        this.#live = live;
        const reach = scene.radius;
        this.#eye = new Eye(new Vector3(...scene.up).normalize());
        this.#stream = new Stream(live);
        this.#flight = new Flight(this.#eye);
        this.#overlay = new Overlay(byId("overlay"), reach);
        const redraw = () => this.#overlay.again();
        this.#frusta = new Frusta(scene.views, reach * FRUSTUM, redraw);
        this.#cropBox = new CropBox(scene.box);
        this.#cropBox.addEventListener("change", redraw);
        this.#cells = new Cells(redraw);
        const filmLine = new FilmLine(reach * FRUSTUM);
        this.#overlay.scene.add(this.#frusta.group, this.#cropBox.group, this.#cells.points, filmLine.group);
        this.#controls = new Controls(byId("overlay"), this.#eye, reach);
        this.#keyboard = new Keyboard(this.#eye, this.#controls, reach,
                shortcuts(() => this.#training.toggle()));
        this.#photoView = new PhotoView(scene.views, (pose, fov, landed) => this.#fly(pose, fov, landed),
                () => this.#aspect);
        this.#preview = new Preview(this.#film, this.#eye, () => this.#taken());
        this.#training = new TrainingPanel(live);
        this.#picturePanel = new PicturePanel(scene, this.#eye, this.#stream, this.#picture, {
            photos: (visible) => this.#showPhotos(visible),
            thumbnails: (visible) => this.#frusta.showThumbnails(visible),
            cells: (visible) => this.#cells.show(visible),
            film: (visible) => { filmLine.group.visible = visible; },
        }, redraw);
        new CropPanel(this.#cropBox, this.#stream, redraw);
        new FilmPanel(this.#film, this.#eye, ({pose, fov}) => this.#fly(pose, fov));
        this.#renders = new Renders(this.#film, this.#stream);
        for (const event of ["keyframes", "frames"]) {
            this.#film.addEventListener(event, () => {
                filmLine.show(this.#film,
                        byId("film-width").valueAsNumber / byId("film-height").valueAsNumber || 1);
                redraw();
            });
        }
        byId("no-webgl").hidden = this.#overlay.available;
        byId("device").textContent = `Rendered on ${scene.device}.`;
        this.#wire();
        this.#resize();
        this.#stand();
        new ResizeObserver(() => this.#resize()).observe(this.#stage);
        requestAnimationFrame((now) => this.#turn(now));
    }

    get #aspect() {
        return this.#stage.clientWidth / Math.max(1, this.#stage.clientHeight);
    }

    /** After every connection: what may have changed since. */
    renew(scene) {
        this.#training.history(scene.history);
        this.#training.state(scene.state);
        this.#renders.set(scene.renders);
    }

    #wire() {
        const live = this.#live;
        live.addEventListener("frame", ({detail}) => this.#frame(detail));
        live.addEventListener("state", ({detail}) => this.#training.state(detail));
        live.addEventListener("metrics", ({detail}) => {
            this.#training.metrics(detail);
            this.#cells.renew(performance.now()).catch(() => {});
        });
        live.addEventListener("render", ({detail}) => this.#renders.show(detail));
        this.#controls.grab = (x, y) => this.#cropBox.grab(this.#overlay, x, y);
        this.#controls.addEventListener("taken", () => this.#taken());
        this.#controls.addEventListener("hover", ({detail: {x, y}}) => this.#point(x, y));
        this.#controls.addEventListener("click", ({detail}) => this.#click(detail));
        for (const radio of document.querySelectorAll("input[name=mode]")) {
            radio.addEventListener("change", () => { this.#controls.mode = radio.value; });
        }
        byId("home").addEventListener("click", () => this.#goHome());
        byId("level").addEventListener("click", () => this.#level());
    }

    /** Where one begins: in the first photo, turning around the scene's middle. */
    #stand() {
        const [view] = this.scene.views;
        const centre = new Vector3(...this.scene.centre);
        if (view === undefined) {
            this.#eye.position.copy(centre).add(new Vector3(1, 1, 1).setLength(2 * this.scene.radius));
            this.#eye.target.copy(centre);
            this.#eye.level();
        } else {
            this.#eye.place(view.pose, fitting(view, this.#aspect));
            this.#aimAtCentre(this.#eye);
        }
        this.#home = this.#eye.clone();
    }

    /** The target is on the line of sight, as far as the middle of the scene is. */
    #aimAtCentre(eye) {
        const ahead = new Vector3(...this.scene.centre).sub(eye.position).dot(eye.forward);
        eye.aim(ahead > this.scene.radius * 0.05 ? ahead : this.scene.radius);
    }

    #fly(pose, fov, landed) {
        this.#taken();
        const to = this.#eye.clone().place(pose, fov);
        this.#aimAtCentre(to);
        this.#flight.fly(to, landed);
    }

    #goHome() {
        this.#taken();
        this.#flight.fly(this.#home);
    }

    #level() {
        this.#taken();
        this.#flight.fly(this.#eye.clone().level());
    }

    /** A person moves the camera: what moved it by itself ends. */
    #taken() {
        this.#flight.stop();
        this.#preview.stop();
        this.#photoView.leave();
    }

    #showPhotos(visible) {
        this.#frusta.group.visible = visible;
        byId("show-thumbnails").disabled = !visible;
    }

    #hit(x, y) {
        return this.#frusta.group.visible ? this.#frusta.hit(this.#overlay.ray(x, y)) : -1;
    }

    #point(x, y) {
        const photo = this.#hit(x, y);
        this.#frusta.point(photo);
        this.#overlay.canvas.title = photo >= 0 ? this.scene.views[photo].name : "";
        this.#overlay.canvas.classList.toggle("points", photo >= 0 || this.#cropBox.near(this.#overlay, x, y));
    }

    #click({x, y, mouse}) {
        const photo = this.#hit(x, y);
        if (photo >= 0) {
            this.#photoView.enter(photo);
        } else if (mouse && this.#controls.mode === "walk") {
            this.#overlay.canvas.requestPointerLock();
        }
    }

    async #frame(frame) {
        try {
            await this.#picture.show(frame);
            byId("waiting").hidden = true;
            byId("resolution").textContent = this.#resolution(frame.head);
        } finally {
            this.#live.send({type: "ack", sequence: frame.head.sequence});
        }
    }

    #busy(busy) {
        this.#stage.toggleAttribute("data-busy", busy);
    }

    #resolution({width, fullWidth, fullHeight, final, photo}) {
        const view = this.scene.views.find(({index}) => index === photo);
        return view ? view.name : (width < fullWidth ? `${width} of ` : "") + `${fullWidth} × ${fullHeight}`
                + (final ? "" : " …");
    }

    /** What was seen in a window that was wide enough is still seen in a narrow one. */
    #resize() {
        const before = this.#narrow;
        this.#narrow = Math.min(1, this.#aspect) || 1;
        this.#eye.widen(before / this.#narrow);
        this.#overlay.resize(this.#stage.clientWidth, this.#stage.clientHeight);
    }

    /** The size of the picture that is asked for: the screen's own pixels, within reason, even in both directions. */
    get #size() {
        const {clientWidth: width, clientHeight: height} = this.#stage;
        const scale = Math.min(devicePixelRatio, LONGEST_SIDE / Math.max(width, height, 1));
        return {width: 2 * Math.round(width * scale / 2), height: 2 * Math.round(height * scale / 2)};
    }

    #turn(now) {
        requestAnimationFrame((next) => this.#turn(next));
        this.#keyboard.update(now);
        this.#flight.update(now);
        this.#preview.update(now);
        const eye = this.#eye;
        this.#stream.update(eye, this.#size, now);
        const {clientWidth: width, clientHeight: height} = this.#stage;
        this.#picture.place(eye, width, height);
        this.#busy(!this.#picture.complete(eye, this.#stream.channel));
        this.#photoView.place(eye, width, height);
        this.#picturePanel.update(eye);
        this.#frusta.update(eye);
        this.#overlay.look(eye);
        this.#cropBox.update(eye, height);
        this.#overlay.draw(!this.#picture.ofPhoto);
    }
}
