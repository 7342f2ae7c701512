// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A point of G1; (0, 0) is infinity, as the precompiles write it.
struct G1 {
    uint256 x;
    uint256 y;
}

/// @notice A point of G2 in the order of EIP-197, imaginary parts first.
struct G2 {
    uint256 xIm;
    uint256 xRe;
    uint256 yIm;
    uint256 yRe;
}

/// @notice The curve BN254 (y² = x³ + 3) by its precompiles (EIP-196, EIP-197) and modular exponentiation (EIP-198).
library Bn254 {
    /// @dev The field's modulus.
    uint256 internal constant P = 0x30644e72e131a029b85045b68181585d97816a916871ca8d3c208c16d87cfd47;

    address private constant POWER = address(5);
    address private constant ADD = address(6);
    address private constant PAIRING = address(8);

    /// @notice A precompile is missing, or refused a point.
    error Bn254_Precompile(address precompile);

    /// @notice base^exponent mod P.
    function power(uint256 base, uint256 exponent) internal view returns (uint256) {
        (bool ok, bytes memory answer) = POWER.staticcall(abi.encode(32, 32, 32, base, exponent, P));
        require(ok && answer.length == 32, Bn254_Precompile(POWER));
        return abi.decode(answer, (uint256));
    }

    /// @notice Sum of two points.
    function add(G1 memory a, G1 memory b) internal view returns (G1 memory) {
        (bool ok, bytes memory answer) = ADD.staticcall(abi.encode(a, b));
        require(ok && answer.length == 64, Bn254_Precompile(ADD));
        return abi.decode(answer, (G1));
    }

    /// @notice Whether e(a, b) = e(c, d). Reverts where one of them is no point of its group.
    function pairsEqual(G1 memory a, G2 memory b, G1 memory c, G2 memory d) internal view returns (bool) {
        c.y = (P - c.y) % P;
        (bool ok, bytes memory answer) = PAIRING.staticcall(abi.encode(a, b, c, d));
        require(ok && answer.length == 32, Bn254_Precompile(PAIRING));
        return abi.decode(answer, (bool));
    }

    /// @notice Whether a point lies on G1 (all of the curve) and is not infinity; each has one encoding.
    function isOnG1(G1 memory a) internal pure returns (bool) {
        return a.x < P && a.y < P && mulmod(a.y, a.y, P) == curve(a.x);
    }

    /// @notice x³ + 3.
    function curve(uint256 x) internal pure returns (uint256) {
        return addmod(mulmod(mulmod(x, x, P), x, P), 3, P);
    }

    /// @notice The generator of G1.
    function g1() internal pure returns (G1 memory) {
        return G1(1, 2);
    }

    /// @notice The generator of G2.
    function g2() internal pure returns (G2 memory) {
        return
            G2({
                xIm: 0x198e9393920d483a7260bfb731fb5d25f1aa493335a9e71297e485b7aef312c2,
                xRe: 0x1800deef121f1e76426a00665e5c4479674322d4f75edadd46debd5cd992f6ed,
                yIm: 0x090689d0585ff075ec9e99ad690c3395bc4b313370b38ef355acdadcd122975b,
                yRe: 0x12c85ea5db8c6deb4aab71808dcb408fe3d1e7690c43d37b4ce6cc0166fa7daa
            });
    }
}
