package dev.understudy.control.api;

import java.util.Optional;

/** The access keys that may call. Thread-safe. */
public interface AccessKeys {

    /** The key with this id; empty when there is none. */
    Optional<AccessKey> find(String accessKeyId);
}
