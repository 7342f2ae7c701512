// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title Exact dot product of binary32 arrays over their whole range, in one 256-bit word
/// @dev Arrays lie in memory, zero-padded to whole words, eight lanes a word. `load` turns them from little-endian into
/// big-endian lanes and finds the scale; `accumulate` then sums in units of 2^(base - 300). A product more than 2^188
/// below the largest is counted at least whole and at most as 2^48 units: the caller adds 2^48 units a lane to any
/// tolerance. At most 2^15 terms, so that every sum stays below 2^253.
library Dot {
    uint256 internal constant MAX_TERMS = 1 << 15;

    /// @notice What `load` saw of both arrays.
    /// @return base Exponent of the unit, plus 300.
    /// @return special Whether an operand is infinite or NaN.
    /// @return subnormal Whether an operand is subnormal.
    function load(
        uint256 a,
        uint256 b,
        uint256 words
    ) internal pure returns (uint256 base, bool special, bool subnormal) {
        assembly ("memory-safe") {
            let one := 0x0000000100000001000000010000000100000001000000010000000100000001
            let low := 0x0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff0000ffff
            let field := 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff
            let bytesOdd := 0x00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff00ff
            let largest := 0
            let seen := 0
            let tiny := 0
            let d := sub(b, a)
            for {
                let end := add(a, shl(5, words))
            } lt(a, end) {
                a := add(a, 32)
            } {
                let w := mload(a)
                w := or(shl(8, and(w, bytesOdd)), and(shr(8, w), bytesOdd))
                w := or(shl(16, and(w, low)), and(shr(16, w), low))
                mstore(a, w)
                let e := and(shr(23, w), field)
                seen := or(seen, add(e, one))
                w := and(w, 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff)
                tiny := or(
                    tiny,
                    xor(
                        add(w, 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff),
                        add(w, 0x7f8000007f8000007f8000007f8000007f8000007f8000007f8000007f800000)
                    )
                )
                w := mload(add(a, d))
                w := or(shl(8, and(w, bytesOdd)), and(shr(8, w), bytesOdd))
                w := or(shl(16, and(w, low)), and(shr(16, w), low))
                mstore(add(a, d), w)
                let f := and(shr(23, w), field)
                seen := or(seen, add(f, one))
                w := and(w, 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff)
                tiny := or(
                    tiny,
                    xor(
                        add(w, 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff),
                        add(w, 0x7f8000007f8000007f8000007f8000007f8000007f8000007f8000007f800000)
                    )
                )
                e := add(e, f)
                // keep the larger of each lane
                f := and(
                    shr(31, sub(or(largest, 0x8000000080000000800000008000000080000000800000008000000080000000), e)),
                    one
                )
                largest := xor(e, and(xor(largest, e), mul(f, 0xffffffff)))
            }
            special := iszero(iszero(and(seen, 0x0000010000000100000001000000010000000100000001000000010000000100)))
            subnormal := iszero(iszero(and(tiny, 0x8000000080000000800000008000000080000000800000008000000080000000)))
            for {
                let i := 0
            } lt(i, 256) {
                i := add(i, 32)
            } {
                let e := and(shr(i, largest), 0xffff)
                if gt(e, base) {
                    base := e
                }
            }
            base := mul(gt(base, 188), sub(base, 188))
        }
    }

    /// @notice Sums of finite products, after `load`.
    /// @return total Sum of the magnitudes.
    /// @return negative That of the negative products: the dot product is total - 2 · negative.
    /// @return bits Or of all magnitudes.
    /// @dev The lanes pass through scratch memory and are read back at other addresses than they were written to: the
    /// optimizer would otherwise compute the packed words again for every lane. Byte 64 is cleared in the end: it is the
    /// top byte of the free memory pointer.
    function accumulate(
        uint256 a,
        uint256 b,
        uint256 words,
        uint256 base
    ) internal pure returns (uint256 total, uint256 negative, uint256 bits) {
        assembly ("memory-safe") {
            let one := 0x0000000100000001000000010000000100000001000000010000000100000001
            let bias := mul(one, sub(0x80000000, base))
            let d := sub(b, a)
            for {
                let end := add(a, shl(5, words))
            } lt(a, end) {
                a := add(a, 32)
            } {
                {
                    let x := mload(a)
                    let y := mload(add(a, d))
                    let e := and(shr(23, x), 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)
                    let f := and(shr(23, y), 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)
                    // 1 where normal
                    let nx := and(
                        shr(8, add(e, 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)),
                        one
                    )
                    let ny := and(
                        shr(8, add(f, 0x000000ff000000ff000000ff000000ff000000ff000000ff000000ff000000ff)),
                        one
                    )
                    // e + f - base with 1 for the exponent of a subnormal, or 0
                    let s := add(
                        sub(
                            add(add(e, f), 0x0000000200000002000000020000000200000002000000020000000200000002),
                            add(nx, ny)
                        ),
                        bias
                    )
                    s := and(s, mul(and(shr(31, s), one), 0xffff))
                    e := and(shr(31, xor(x, y)), one)
                    // lane: shift u8 ‖ significand u24, and sign u8 ‖ significand u24
                    mstore(
                        1,
                        or(
                            or(and(x, 0x007fffff007fffff007fffff007fffff007fffff007fffff007fffff007fffff), shl(23, nx)),
                            shl(24, s)
                        )
                    )
                    mstore(
                        33,
                        or(
                            or(and(y, 0x007fffff007fffff007fffff007fffff007fffff007fffff007fffff007fffff), shl(23, ny)),
                            shl(24, e)
                        )
                    )
                }
                let t
                t := shl(byte(1, mload(0)), mul(shr(232, mload(2)), shr(232, mload(34))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(32))))
                t := shl(byte(1, mload(4)), mul(shr(232, mload(6)), shr(232, mload(38))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(36))))
                t := shl(byte(1, mload(8)), mul(shr(232, mload(10)), shr(232, mload(42))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(40))))
                t := shl(byte(1, mload(12)), mul(shr(232, mload(14)), shr(232, mload(46))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(44))))
                t := shl(byte(1, mload(16)), mul(shr(232, mload(18)), shr(232, mload(50))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(48))))
                t := shl(byte(1, mload(20)), mul(shr(232, mload(22)), shr(232, mload(54))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(52))))
                t := shl(byte(1, mload(24)), mul(shr(232, mload(26)), shr(232, mload(58))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(56))))
                t := shl(byte(1, mload(28)), mul(shr(232, mload(30)), shr(232, mload(62))))
                total := add(total, t)
                bits := or(bits, t)
                negative := add(negative, mul(t, byte(1, mload(60))))
            }
            mstore8(64, 0)
        }
    }

    /// @notice Replaces subnormal lanes by zero, after `load`.
    function flush(uint256 a, uint256 words) internal pure {
        assembly ("memory-safe") {
            for {
                let end := add(a, shl(5, words))
            } lt(a, end) {
                a := add(a, 32)
            } {
                let w := mload(a)
                let n := shr(
                    31,
                    add(
                        and(w, 0x7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff7fffffff),
                        0x7f8000007f8000007f8000007f8000007f8000007f8000007f8000007f800000
                    )
                )
                mstore(
                    a,
                    and(w, mul(and(n, 0x0000000100000001000000010000000100000001000000010000000100000001), 0xffffffff))
                )
            }
        }
    }
}
