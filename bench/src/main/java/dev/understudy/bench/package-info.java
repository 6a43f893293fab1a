/** Benchmarks that defend a budget, each named for the class that it measures. */
@NullMarked
package dev.understudy.bench;

import org.jspecify.annotations.NullMarked;
