package org.eikonal.studio.image;

import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.awt.image.DataBufferInt;
import java.util.ArrayList;
import java.util.List;

/**
 * Many pictures on one: titled columns (truth, render, error, depth) and labelled rows, one for each view. Works
 * without a display; a machine without fonts gets the sheet without its labels.
 */
public final class ContactSheet {
    private static final int GAP = 8;
    private static final int TEXT = 20;
    private static final int LETTERS = 13;

    private final List<String> titles;
    private final int panelWidth;
    private final List<Row> rows = new ArrayList<>();

    private record Row(String label, List<Picture> panels) {}

    /**
     * @param panelWidth width of a panel in pixels, 16 to 4096; pictures keep their proportions
     * @param titles of the columns, at least one
     */
    public ContactSheet(int panelWidth, String... titles) {
        if (panelWidth < 16 || panelWidth > 4096 || titles.length == 0) {
            throw new IllegalArgumentException("a contact sheet has at least one column, of 16 to 4096 pixels; not "
                    + titles.length + " of " + panelWidth);
        }
        this.panelWidth = panelWidth;
        this.titles = List.of(titles);
    }

    /**
     * Adds a row.
     *
     * @param label written above the row
     * @param panels one picture a column; transparent parts show the paper
     * @return this sheet
     */
    public ContactSheet row(String label, Picture... panels) {
        if (panels.length != titles.size()) {
            throw new IllegalArgumentException("row '" + label + "' has " + panels.length + " panels; the sheet has "
                    + titles.size() + " columns: " + titles);
        }
        rows.add(new Row(label, List.of(panels)));
        return this;
    }

    /** @return the sheet as it stands, opaque */
    public Picture draw() {
        int width = GAP + titles.size() * (panelWidth + GAP);
        int height = TEXT + GAP;
        for (Row row : rows) {
            height += TEXT + rowHeight(row) + GAP;
        }
        try (Canvas sheet = new Canvas(width, height)) {
            for (int column = 0; column < titles.size(); column++) {
                sheet.write(titles.get(column), Canvas.INK, Font.BOLD, LETTERS, left(column), GAP);
            }
            int y = TEXT + GAP;
            for (Row row : rows) {
                sheet.write(row.label(), Canvas.INK, Font.PLAIN, LETTERS, GAP, y);
                y += TEXT;
                for (int column = 0; column < titles.size(); column++) {
                    Picture panel = row.panels().get(column);
                    sheet.pen().drawImage(image(panel), left(column), y, panelWidth, panelHeight(panel), null);
                }
                y += rowHeight(row) + GAP;
            }
            return sheet.picture();
        }
    }

    private int left(int column) {
        return GAP + column * (panelWidth + GAP);
    }

    private int rowHeight(Row row) {
        return row.panels().stream().mapToInt(this::panelHeight).max().orElse(0);
    }

    private int panelHeight(Picture panel) {
        return (int) Math.max(1, Math.round((double) panel.height() * panelWidth / panel.width()));
    }

    /** The picture, halved until it is less than twice its panel, so that small panels average instead of skipping. */
    private BufferedImage image(Picture picture) {
        BufferedImage image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_ARGB);
        int[] argb = ((DataBufferInt) image.getRaster().getDataBuffer()).getData();
        byte[] rgba = picture.rgba();
        for (int i = 0, j = 0; i < argb.length; i++, j += 4) {
            argb[i] = (rgba[j + 3] & 255) << 24 | (rgba[j] & 255) << 16 | (rgba[j + 1] & 255) << 8 | rgba[j + 2] & 255;
        }
        while (image.getWidth() >= 2 * panelWidth) {
            int width = image.getWidth() / 2;
            int height = Math.max(1, image.getHeight() / 2);
            BufferedImage half = new BufferedImage(width, height, BufferedImage.TYPE_INT_ARGB);
            Graphics2D pen = half.createGraphics();
            pen.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
            pen.drawImage(image, 0, 0, width, height, null);
            pen.dispose();
            image = half;
        }
        return image;
    }
}
