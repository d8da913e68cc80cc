import {byId, count, duration} from "./dom.js";
import {Chart} from "./chart.js";

const CAN = {running: ["pause", "stop", "save"], paused: ["resume", "stop", "save"], stopped: ["resume"],
    finished: ["resume"]};
const WORDS = {running: "Training", paused: "Paused", finished: "Finished", stopped: "Stopped", none: "Getting ready"};
const HINTS = {
    none: "Photos and field are being loaded.",
    finished: "It can train on, for as long again.",
    stopped: "Training can go on from its last state.",
};

/** How training goes, and what can be done about it. */
export class TrainingPanel {
    #live;
    #charts = [
        new Chart(byId("chart-psnr"), {key: "psnr", color: "#7fc8a9", digits: 1}),
        new Chart(byId("chart-loss"), {key: "loss", color: "#6ea8fe", digits: 3, logarithmic: true}),
    ];

    constructor(live) {
        this.#live = live;
        for (const what of ["pause", "resume", "save", "stop"]) {
            byId("train-" + what).addEventListener("click", () => this.#act(what));
        }
        byId("share").addEventListener("input", () => this.#share());
        byId("share").addEventListener("change", () =>
            live.send({type: "share", value: byId("share").valueAsNumber / 100}));
    }

    /** Pauses if training runs, goes on if it is paused. */
    toggle() {
        const button = [byId("train-pause"), byId("train-resume")].find((one) => !one.hidden && !one.disabled);
        button?.click();
    }

    #act(what) {
        this.#live.send({type: "train", do: what});
    }

    #share() {
        byId("share-value").textContent = byId("share").value + " %";
    }

    /** What was there before: the curves of a run. */
    history(history) {
        this.#charts.forEach((chart) => chart.set(history));
        if (history.length > 0) {
            this.#figures(history.at(-1));
        }
    }

    metrics(metrics) {
        this.#charts.forEach((chart) => chart.add(metrics));
        this.#figures(metrics);
    }

    #figures(metrics) {
        this.#progress(metrics);
        const text = (id, value, say) => {
            byId(id).textContent = Number.isFinite(value) ? say(value) : "–";
        };
        text("figure-loss", metrics.loss, (value) => value.toPrecision(3));
        text("figure-psnr", metrics.psnr, (value) => value.toFixed(2) + " dB");
        text("figure-rays", metrics.rays_per_second, count);
        text("figure-samples", metrics.samples_per_second, count);
    }

    #progress({step, seconds, fraction}) {
        byId("figure-step").textContent = step.toLocaleString("en");
        byId("figure-time").textContent = duration(seconds);
        byId("status-step").textContent = `step ${step.toLocaleString("en")}`;
        byId("progress").value = fraction ?? 0;
    }

    state(state) {
        document.body.dataset.training = state.training;
        byId("status-training").textContent = WORDS[state.training] ?? state.training;
        byId("training-word").textContent = WORDS[state.training] ?? state.training;
        const hint = HINTS[state.training] ?? "";
        byId("training-hint").textContent = hint;
        byId("training-hint").hidden = hint === "";
        const can = CAN[state.training] ?? [];
        for (const what of ["pause", "resume", "save", "stop"]) {
            byId("train-" + what).hidden = !can.includes(what);
        }
        byId("resume-word").textContent = state.training === "paused" ? "Resume" : "Train on";
        byId("share-row").hidden = !["running", "paused"].includes(state.training);
        if (document.activeElement !== byId("share") && Number.isFinite(state.share)) {
            byId("share").value = Math.round(state.share * 100);
            this.#share();
        }
        byId("clients").textContent = state.clients > 1 ? `${state.clients} are looking` : "";
        this.#progress(state);
    }
}
