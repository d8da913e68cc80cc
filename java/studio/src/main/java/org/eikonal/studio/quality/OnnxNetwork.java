package org.eikonal.studio.quality;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A network of ONNX Runtime that takes two pictures and answers one number. The only class that knows ONNX Runtime. */
final class OnnxNetwork implements AutoCloseable {
    private static final long ANY = -1;

    private final OrtEnvironment environment;
    private final OrtSession session;
    private final List<String> inputs;

    /** What is wrong with a network, and what to do about it. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1;

        Fault(String message) {
            super(message);
        }
    }

    private OnnxNetwork(OrtEnvironment environment, OrtSession session) {
        this.environment = environment;
        this.session = session;
        inputs = List.copyOf(session.getInputNames());
    }

    static OnnxNetwork open(Path file) throws Fault {
        OrtEnvironment environment = OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
            OnnxNetwork network = new OnnxNetwork(environment, environment.createSession(file.toString(), options));
            try {
                network.check(ANY, ANY);
                return network;
            } catch (Fault | OrtException e) {
                network.close();
                throw e;
            }
        } catch (OrtException e) {
            throw new Fault("ONNX Runtime can't open it (" + e.getMessage() + "); export the network once more");
        }
    }

    private void check(long height, long width) throws Fault, OrtException {
        String wanted = "; LPIPS takes two float pictures of shape [1,3,height,width] and answers one number";
        if (session.getNumInputs() != 2 || session.getNumOutputs() != 1) {
            throw new Fault("it has " + session.getNumInputs() + " inputs and " + session.getNumOutputs()
                    + " outputs" + wanted);
        }
        long[] shape = {1, 3, height, width};
        for (NodeInfo input : session.getInputInfo().values()) {
            if (!(input.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT
                    || tensor.getShape().length != shape.length) {
                throw new Fault("its input " + input.getName() + " is " + input.getInfo() + wanted);
            }
            for (int axis = 0; axis < shape.length; axis++) {
                long fixed = tensor.getShape()[axis];
                if (fixed != ANY && shape[axis] != ANY && fixed != shape[axis]) {
                    throw new Fault("its input " + input.getName() + " has shape " + Arrays.toString(tensor.getShape())
                            + ", the picture " + Arrays.toString(shape).replace("-1", "any")
                            + "; export the network with a height and a width that may change");
                }
            }
        }
    }

    /** Runs the network on pictures of {@code [3][height][width]}. */
    float run(float[] first, float[] second, int width, int height) throws Fault {
        long[] shape = {1, 3, height, width};
        try {
            check(height, width);
            try (OnnxTensor a = OnnxTensor.createTensor(environment, FloatBuffer.wrap(first), shape);
                    OnnxTensor b = OnnxTensor.createTensor(environment, FloatBuffer.wrap(second), shape);
                    OrtSession.Result result = session.run(Map.of(inputs.get(0), a, inputs.get(1), b))) {
                return number(result.get(0));
            }
        } catch (OrtException e) {
            throw new Fault("it fails on a picture of " + width + "x" + height + " pixels (" + e.getMessage() + ")");
        }
    }

    private static float number(OnnxValue output) throws Fault {
        if (!(output instanceof OnnxTensor tensor) || tensor.getInfo().type != OnnxJavaType.FLOAT
                || tensor.getFloatBuffer().remaining() != 1) {
            throw new Fault("it answers " + output.getInfo() + ", not one float; take the mean in the network");
        }
        return tensor.getFloatBuffer().get(0);
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException(e);
        }
    }
}
