package dev.understudy.server.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How worker processes are started and bounded.
 *
 * @param java the launcher of the JVM to run them in
 * @param classPath where the worker's classes and the natives are
 * @param heapMebibytes for Java's own objects; pictures and codecs lie outside
 * @param residentLimitBytes of all memory together; a worker above it is killed, since only a leak gets there
 * @param startLimit from the process's start to its readiness; unpacking the natives on a machine's first run is in it
 */
public record WorkerOptions(
        Path java, String classPath, int heapMebibytes, long residentLimitBytes, Duration startLimit) {
    private static final int HEAP_MEBIBYTES = 192;

    /** Twelve 1080p decoders, their pictures and an encoder take less than a third. */
    private static final long RESIDENT_LIMIT_BYTES = 1_500L << 20;

    private static final Duration START_LIMIT = Duration.ofSeconds(30);

    /** Same Java, same classes as this process. */
    public static WorkerOptions likeThisProcess() {
        return new WorkerOptions(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                HEAP_MEBIBYTES,
                RESIDENT_LIMIT_BYTES,
                START_LIMIT);
    }

    /**
     * The command line of a worker. It starts fast and stays small: the quick compiler and the simple collector do for
     * what little is Java in it. JavaCPP would stop at four heaps of memory, counting what codecs own. Signals that are
     * ignored before a JVM starts stay so, which is how a worker outlives what is meant for the node.
     */
    List<String> command(Path socket) {
        List<String> command = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                "trap '' HUP INT TERM; exec \"$@\"",
                "worker",
                java.toString(),
                "-Xmx" + heapMebibytes + "m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-XX:-UsePerfData",
                "-Xshare:auto",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0"));
        String cache = System.getProperty("org.bytedeco.javacpp.cachedir");
        if (cache != null) {
            command.add("-Dorg.bytedeco.javacpp.cachedir=" + cache);
        }
        command.addAll(List.of("-cp", classPath, WorkerMain.class.getName(), socket.toString()));
        return command;
    }
}
