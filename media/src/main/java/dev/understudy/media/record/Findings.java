package dev.understudy.media.record;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, as far as anybody would read it. Confined to one thread. */
final class Findings {
    /** A recording that is broken throughout says so often enough in these. */
    static final int MAX = 100;

    private final List<String> findings = new ArrayList<>();

    void add(String finding) {
        if (findings.size() < MAX) {
            findings.add(finding);
        }
    }

    /** Adds {@code finding} unless the promise holds. */
    void unless(boolean holds, String finding) {
        if (!holds) {
            add(finding);
        }
    }

    List<String> all() {
        return findings;
    }
}
