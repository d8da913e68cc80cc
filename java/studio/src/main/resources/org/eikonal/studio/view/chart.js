const PAD = {left: 42, right: 8, top: 8, bottom: 18};
const MOST_POINTS = 4000;

/** A curve over the time of training, drawn on a canvas, with the value under the pointer. */
export class Chart {
    #canvas;
    #points = [];
    #options;
    #pointer = null;

    /** @param options {key: of the metrics, label, color, logarithmic, digits} */
    constructor(canvas, options) {
        this.#canvas = canvas;
        this.#options = options;
        canvas.addEventListener("pointermove", (event) => this.#point(event.offsetX));
        canvas.addEventListener("pointerleave", () => this.#point(null));
        new ResizeObserver(() => this.#draw()).observe(canvas);
    }

    set(history) {
        this.#points = [];
        history.forEach((metrics) => this.#take(metrics));
        this.#draw();
    }

    add(metrics) {
        this.#take(metrics);
        this.#draw();
    }

    #take(metrics) {
        const value = metrics[this.#options.key];
        const usable = Number.isFinite(value) && (!this.#options.logarithmic || value > 0);
        const last = this.#points.at(-1);
        if (usable && !(last?.seconds >= metrics.seconds)) {
            this.#points.push({seconds: metrics.seconds, value});
        }
        if (this.#points.length > MOST_POINTS) {
            this.#points = this.#points.filter((_, place) => place % 2 === 0);
        }
    }

    #point(x) {
        this.#pointer = x;
        this.#draw();
    }

    #draw() {
        const canvas = this.#canvas;
        const {clientWidth: width, clientHeight: height} = canvas;
        if (width === 0 || height === 0) {
            return;
        }
        const ratio = Math.min(devicePixelRatio, 2);
        canvas.width = width * ratio;
        canvas.height = height * ratio;
        const context = canvas.getContext("2d");
        context.scale(ratio, ratio);
        context.font = "11px system-ui, sans-serif";
        context.textBaseline = "middle";
        const points = this.#points;
        if (points.length < 2) {
            context.fillStyle = "#7d8794";
            context.textAlign = "center";
            context.fillText("No curve yet", width / 2, height / 2);
            return;
        }
        const scale = this.#options.logarithmic ? Math.log : (value) => value;
        const heights = points.map((point) => scale(point.value));
        const low = Math.min(...heights);
        const high = Math.max(...heights);
        const until = points.at(-1).seconds;
        const from = points[0].seconds;
        const x = (seconds) => PAD.left + (seconds - from) / (until - from || 1) * (width - PAD.left - PAD.right);
        const y = (value) => height - PAD.bottom
                - (scale(value) - low) / (high - low || 1) * (height - PAD.top - PAD.bottom);
        this.#axes(context, width, height, points, until);
        context.strokeStyle = this.#options.color;
        context.lineWidth = 1.5;
        context.lineJoin = "round";
        context.beginPath();
        points.forEach((point) => context.lineTo(x(point.seconds), y(point.value)));
        context.stroke();
        if (this.#pointer !== null) {
            const near = points.reduce((best, point) => Math.abs(x(point.seconds) - this.#pointer)
                    < Math.abs(x(best.seconds) - this.#pointer) ? point : best);
            this.#mark(context, x(near.seconds), y(near.value), near, width);
        }
    }

    #axes(context, width, height, points, until) {
        const values = points.map((point) => point.value);
        context.strokeStyle = "#262c34";
        context.fillStyle = "#7d8794";
        context.beginPath();
        for (const level of [PAD.top, height - PAD.bottom]) {
            context.moveTo(PAD.left, level + 0.5);
            context.lineTo(width - PAD.right, level + 0.5);
        }
        context.stroke();
        context.textAlign = "right";
        context.fillText(this.#text(Math.max(...values)), PAD.left - 6, PAD.top);
        context.fillText(this.#text(Math.min(...values)), PAD.left - 6, height - PAD.bottom);
        context.fillText(until.toFixed(0) + " s", width - PAD.right, height - PAD.bottom / 2 + 1);
        context.textAlign = "left";
        context.fillText(points[0].seconds.toFixed(0), PAD.left, height - PAD.bottom / 2 + 1);
    }

    #mark(context, x, y, point, width) {
        context.fillStyle = this.#options.color;
        context.beginPath();
        context.arc(x, y, 3, 0, 2 * Math.PI);
        context.fill();
        context.fillStyle = "#e6eaf0";
        context.textAlign = x > width / 2 ? "right" : "left";
        const text = `${this.#text(point.value)} at ${point.seconds.toFixed(0)} s`;
        const place = [x + (x > width / 2 ? -8 : 8), y < 28 ? y + 16 : y - 14];
        context.strokeStyle = "#14181d";
        context.lineWidth = 5;
        context.strokeText(text, ...place);
        context.fillText(text, ...place);
    }

    #text(value) {
        return value !== 0 && Math.abs(value) < 0.01 ? value.toExponential(1) : value.toFixed(this.#options.digits);
    }
}
