package dev.understudy.server.storage;

import java.io.IOException;

/** There is no room left for a file. Trying again helps once somebody has made some. */
public final class BucketFullException extends IOException {
    BucketFullException(String key, long bytes, String place, IOException cause) {
        super("no room for the " + bytes + " bytes of " + key + " in " + place, cause);
    }
}
