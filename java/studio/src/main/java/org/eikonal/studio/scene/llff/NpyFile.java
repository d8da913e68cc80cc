package org.eikonal.studio.scene.llff;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eikonal.studio.scene.SceneException;

/**
 * Reads a matrix that NumPy saved: format versions 1 to 3, little-endian floats of 4 or 8 bytes, row after row
 * (numpy.lib.format).
 *
 * @param rows how many
 * @param columns how many
 * @param values row-major
 */
record NpyFile(int rows, int columns, double[] values) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final int LONGEST_HEADER = 1 << 16;
    private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([^']{0,20})'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
    private static final Pattern SHAPE =
            Pattern.compile("'shape'\\s*:\\s*\\(\\s*(\\d{1,9})\\s*,\\s*(\\d{1,9})\\s*,?\\s*\\)");

    /** @throws SceneException if it is no such file, or a matrix of more rows or other columns than asked for */
    static NpyFile read(Path file, int columns, int maxRows) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(8);
            if (start.length < 8 || !Arrays.equals(MAGIC, Arrays.copyOf(start, 6))) {
                throw wrong(file, "it is no NumPy file");
            }
            int lengthBytes = start[6] == 1 ? 2 : 4;
            int length = number(in, lengthBytes, 4).order(ByteOrder.LITTLE_ENDIAN).getInt();
            if (start[6] < 1 || start[6] > 3 || length < 0 || length > LONGEST_HEADER) {
                throw wrong(file, "its header is none of NumPy's versions 1 to 3");
            }
            String header = new String(number(in, length, length).array(), StandardCharsets.UTF_8);
            Matcher type = TYPE.matcher(header);
            Matcher order = ORDER.matcher(header);
            Matcher shape = SHAPE.matcher(header);
            if (!type.find() || !type.group(1).matches("<f[48]") || !order.find() || order.group(1).equals("True")) {
                throw wrong(file, "it does not hold little-endian floats of 4 or 8 bytes in C order");
            }
            if (!shape.find() || Integer.parseInt(shape.group(2)) != columns
                    || Integer.parseInt(shape.group(1)) > maxRows || shape.group(1).matches("0+")) {
                throw wrong(file, "it is no matrix of " + columns + " columns and 1 to " + maxRows + " rows");
            }
            int rows = Integer.parseInt(shape.group(1));
            int size = type.group(1).charAt(2) - '0';
            ByteBuffer data = number(in, rows * columns * size, rows * columns * size).order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[rows * columns];
            for (int i = 0; i < values.length; i++) {
                values[i] = size == 8 ? data.getDouble() : data.getFloat();
            }
            return new NpyFile(rows, columns, values);
        } catch (EOFException e) {
            throw wrong(file, "it ends in the middle");
        } catch (IOException e) {
            throw SceneException.unreadable(file, e);
        }
    }

    /** So many bytes, followed by zeros up to a capacity. */
    private static ByteBuffer number(InputStream in, int count, int capacity) throws IOException {
        byte[] bytes = in.readNBytes(count); // grows with what is there, not with what is claimed
        if (bytes.length < count) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(bytes.length == capacity ? bytes : Arrays.copyOf(bytes, capacity));
    }

    private static SceneException wrong(Path file, String problem) {
        return new SceneException(file, problem + ": save the matrix again, by numpy.save(file, array.astype('<f8'))");
    }
}
