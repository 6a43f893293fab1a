package dev.understudy.control.token;

import dev.understudy.control.api.ApiException;
import dev.understudy.control.store.Columns;
import dev.understudy.control.store.Table;
import dev.understudy.control.tag.TagRules;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * A customer's public key on its way in, whatever it is for: each purpose has a table of its own, all with the same
 * columns. Immutable.
 *
 * @param name {@code ""} when there is none
 * @param material in PEM, as it came
 * @param fingerprint names the key
 */
public record ImportedKey(String arn, String name, String material, String fingerprint, Map<String, String> tags) {

    /** Checks what a request brings; throws {@link ApiException} when it is no key on P-384 or has tags of AWS's. */
    public static ImportedKey of(String arn, Optional<String> name, String material, Map<String, String> tags) {
        TagRules.check(tags.keySet());
        return new ImportedKey(arn, name.orElse(""), material, fingerprint(material), tags);
    }

    private static String fingerprint(String pem) {
        try {
            return PublicKeyMaterial.parse(pem).fingerprint();
        } catch (IllegalArgumentException e) {
            throw ApiException.invalid(
                    "publicKeyMaterial",
                    "must be an ECDSA public key on the curve P-384 in PEM, of at most " + PublicKeyMaterial.MAX_CHARS
                            + " characters");
        }
    }

    /** Stores it, in its caller's transaction; one that is there already is a conflict. */
    public void insert(Handle handle, Table<?> table) {
        if (isKnown(handle, table)) {
            throw ApiException.conflict("The public key " + fingerprint + " has been imported before");
        }
        handle.execute(
                "INSERT INTO " + table.name() + " (arn, name, material, fingerprint, tags) VALUES (?, ?, ?, ?, ?)",
                arn,
                name,
                material,
                fingerprint,
                Columns.json(tags));
    }

    private boolean isKnown(Handle handle, Table<?> table) {
        return handle.createQuery("SELECT COUNT(*) FROM " + table.name() + " WHERE fingerprint = ?")
                        .bind(0, fingerprint)
                        .mapTo(int.class)
                        .one()
                > 0;
    }
}
