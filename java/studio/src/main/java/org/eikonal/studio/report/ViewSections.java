package org.eikonal.studio.report;

import java.io.IOException;
import java.util.List;
import org.eikonal.studio.report.RunResult.ViewPictures;
import org.eikonal.studio.run.Evaluation.ViewQuality;

/** What a page says view by view. */
record ViewSections(Html html, List<RunResult> runs) {
    private static final int MOST_OPEN_ROWS = 25;

    private List<ViewQuality> views() {
        return runs.get(0).evaluation().views();
    }

    /** Every view as it is and as the runs show it, and how far the two are apart. */
    void gallery() throws IOException {
        html.element("h2", "Views").element("p", "Error: mean absolute difference of a pixel's colours, from dark (0)"
                + " to light (0.25 and more). A click on a picture compares it above.");
        html.open("div", "class", runs.size() == 1 ? "views" : "views wide");
        for (int view = 0; view < views().size(); view++) {
            html.open("article", "class", "card", "id", "view" + view, "data-view", Integer.toString(view))
                    .element("h3", views().get(view).name()).open("div", "class", "row");
            String name = views().get(view).name();
            picture(runs.get(0).views().get(view).truth(), "truth", "truth of " + name, "truth");
            for (int i = 0; i < runs.size(); i++) {
                ViewPictures of = runs.get(i).views().get(view);
                ViewQuality quality = runs.get(i).evaluation().views().get(view);
                String figures = Report.text("%.2f dB, SSIM %.4f", quality.psnr(), quality.ssim());
                picture(of.render(), "render" + i, "render of " + name,
                        runs.size() == 1 ? figures : runs.get(i).name() + ": " + figures);
            }
            for (int i = 0; i < runs.size(); i++) {
                picture(runs.get(i).views().get(view).error(), "error" + i, "error of " + name,
                        runs.size() == 1 ? "error" : "error of " + runs.get(i).name());
            }
            html.close("div").close("article");
        }
        html.close("div");
    }

    private void picture(InlinePicture picture, String kind, String alt, String caption) throws IOException {
        html.open("figure").open("img", "data-kind", kind, "alt", alt, "width", Integer.toString(picture.width()),
                "height", Integer.toString(picture.height()), "decoding", "async", "src", picture.uri());
        html.element("figcaption", caption).close("figure");
    }

    /** The figures of every view. */
    void table() throws IOException {
        html.element("h2", "Table");
        html.open("details", views().size() <= MOST_OPEN_ROWS ? new String[] {"open", ""} : new String[0])
                .element("summary",
                        "PSNR, SSIM, MS-SSIM" + (Report.lpips(runs) ? ", LPIPS" : "") + " and time of each view")
                .open("div", "class", "card scroll").open("table").open("thead").open("tr").element("th", "view");
        for (int i = 0; i < runs.size(); i++) {
            for (String title : Report.columns("PSNR, dB", "SSIM", "MS-SSIM", Report.lpips(runs) ? "LPIPS" : null,
                    "s")) {
                html.open("th");
                Report.dot(html, runs, i).text(title).close("th");
            }
        }
        html.close("tr").close("thead").open("tbody");
        for (int view = 0; view < views().size(); view++) {
            html.open("tr").open("td").element("a", views().get(view).name(), "href", "#view" + view).close("td");
            for (RunResult run : runs) {
                ViewQuality quality = run.evaluation().views().get(view);
                figures(quality.psnr(), quality.ssim(), quality.msSsim(), quality.lpips(), quality.seconds());
            }
            html.close("tr");
        }
        html.open("tr", "class", "mean").element("td", "mean");
        for (RunResult run : runs) {
            figures(run.evaluation().psnr(), run.evaluation().ssim(), run.evaluation().msSsim(),
                    run.evaluation().lpips(), run.secondsPerView());
        }
        html.close("tr").close("tbody").close("table").close("div").close("details");
    }

    private void figures(double psnr, double ssim, Double msSsim, Double lpips, double seconds) throws IOException {
        for (String value : Report.columns(Report.text("%.2f", psnr), Report.text("%.4f", ssim),
                Report.optional(msSsim), lpips == null ? null : Report.optional(lpips),
                Report.text("%.3f", seconds))) {
            html.element("td", value);
        }
    }
}
