package dev.understudy.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/** Where and when a figure was measured, for the head of each result. */
final class Machine {
    private Machine() {}

    static String describe() {
        return "%s, %d cores, %s, Linux %s, Java %s, %s"
                .formatted(
                        processor(),
                        Runtime.getRuntime().availableProcessors(),
                        memory(),
                        System.getProperty("os.version").replaceFirst("-.*", ""),
                        Runtime.version(),
                        LocalDate.now(ZoneOffset.UTC));
    }

    private static String processor() {
        return first("/proc/cpuinfo", "model name");
    }

    private static String memory() {
        String kibibytes = first("/proc/meminfo", "MemTotal").replaceAll("\\D", "");
        return kibibytes.isEmpty() ? "?" : Long.parseLong(kibibytes) / (1 << 20) + " GiB";
    }

    private static String first(String file, String key) {
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("?");
        } catch (IOException e) {
            return "?";
        }
    }
}
