/** The one database of a node: transactions, migrations and the keyset pages of its lists. */
@NullMarked
package dev.understudy.control.store;

import org.jspecify.annotations.NullMarked;
