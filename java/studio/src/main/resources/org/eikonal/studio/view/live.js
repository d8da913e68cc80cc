import {api} from "./api.js";

const LONGEST_WAIT = 4000;
const HIDDEN_FOR = 20_000;

/**
 * The connection to the server: asks for the scene, opens the WebSocket, and does both again whenever it is lost,
 * until the server says that our token is no longer good. While the tab is hidden for long there is no connection, so
 * that nothing is rendered for nobody.
 *
 * Events, with what was said in `detail`: scene, frame ({head, jpeg}), state, metrics, render, error, and connection
 * ("live", "lost", "refused", "away").
 */
export class Live extends EventTarget {
    #socket = null;
    #asking = false;
    #wait = 250;
    #timer = 0;
    #sleep = 0;

    constructor() {
        super();
        document.addEventListener("visibilitychange", () => this.#seen(!document.hidden));
    }

    /** Whether messages reach the server. */
    get open() {
        return this.#socket?.readyState === WebSocket.OPEN;
    }

    send(message) {
        if (this.open) {
            this.#socket.send(JSON.stringify(message));
        }
    }

    async connect() {
        clearTimeout(this.#timer);
        if (this.#asking) {
            return;
        }
        this.#asking = true;
        try {
            this.#tell("scene", await api.scene());
            this.#meet();
        } catch (problem) {
            this.#tell("connection", problem.refused ? "refused" : "lost");
            if (!problem.refused) {
                this.#again();
            }
        } finally {
            this.#asking = false;
        }
    }

    #meet() {
        const address = new URL("/live", location.href);
        address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
        const socket = new WebSocket(address);
        socket.binaryType = "arraybuffer";
        socket.onopen = () => {
            this.#wait = 250;
            this.#tell("connection", "live");
        };
        socket.onmessage = (event) => this.#message(event.data);
        socket.onclose = () => {
            if (this.#socket === socket) {
                this.#socket = null;
                this.#tell("connection", "lost");
                this.#again();
            }
        };
        this.#socket = socket;
    }

    #again() {
        this.#timer = setTimeout(() => this.connect(), this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
    }

    #seen(visible) {
        clearTimeout(this.#sleep);
        if (!visible) {
            this.#sleep = setTimeout(() => {
                const socket = this.#socket;
                this.#socket = null;
                clearTimeout(this.#timer);
                socket?.close();
                this.#tell("connection", "away");
            }, HIDDEN_FOR);
        } else if (this.#socket === null) {
            this.connect();
        }
    }

    #message(data) {
        if (typeof data === "string") {
            const message = JSON.parse(data);
            this.#tell(message.type, message);
        } else {
            const length = new DataView(data).getUint32(0, true);
            const head = JSON.parse(new TextDecoder().decode(new Uint8Array(data, 4, length)));
            this.#tell("frame", {head, jpeg: new Blob([new Uint8Array(data, 4 + length)], {type: "image/jpeg"})});
        }
    }

    #tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, {detail}));
    }
}
