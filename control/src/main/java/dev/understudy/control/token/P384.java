package dev.understudy.control.token;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.InvalidParameterSpecException;

/**
 * The curve P-384, y² = x³ + ax + b over a prime p (FIPS 186-5, SEC 2 section 2.5.1), with what the JDK does not do for
 * its points. Pure.
 */
final class P384 {
    /** Of one coordinate. */
    static final int COORDINATE_BYTES = 48;

    static final ECParameterSpec PARAMETERS = parameters();
    private static final BigInteger P = ((ECFieldFp) PARAMETERS.getCurve().getField()).getP();

    private P384() {}

    private static ECParameterSpec parameters() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp384r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-384", e);
        }
    }

    /** Whether these are the parameters of this curve, under whatever name. */
    static boolean is(ECParameterSpec other) {
        return other.getCurve().equals(PARAMETERS.getCurve())
                && other.getGenerator().equals(PARAMETERS.getGenerator())
                && other.getOrder().equals(PARAMETERS.getOrder())
                && other.getCofactor() == PARAMETERS.getCofactor();
    }

    /** Whether the point lies on the curve; the point at infinity does not count, being nobody's key. */
    static boolean has(ECPoint point) {
        return !point.equals(ECPoint.POINT_INFINITY)
                && isCoordinate(point.getAffineX())
                && isCoordinate(point.getAffineY())
                && point.getAffineY().modPow(BigInteger.TWO, P).equals(square(point.getAffineX()));
    }

    /**
     * The point with this x and the y that is odd or even (SEC 1 section 2.3.4).
     *
     * @throws InvalidParameterSpecException when no such point is on the curve
     */
    static ECPoint decompressed(BigInteger x, boolean isOdd) throws InvalidParameterSpecException {
        // p is 3 modulo 4, so that a square's root is its power of (p + 1) / 4.
        BigInteger root = square(x).modPow(P.add(BigInteger.ONE).shiftRight(2), P);
        var point = new ECPoint(x, root.testBit(0) == isOdd ? root : P.subtract(root));
        if (!has(point)) {
            throw new InvalidParameterSpecException("no point of P-384 has this x");
        }
        return point;
    }

    private static boolean isCoordinate(BigInteger value) {
        return value.signum() >= 0 && value.compareTo(P) < 0;
    }

    /** What y² must be. */
    private static BigInteger square(BigInteger x) {
        return x.pow(3)
                .add(PARAMETERS.getCurve().getA().multiply(x))
                .add(PARAMETERS.getCurve().getB())
                .mod(P);
    }
}
