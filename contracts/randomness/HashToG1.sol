// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bn254, G1} from "./Bn254.sol";

/// @notice Hashes a message to a point of BN254's G1 by RFC 9380: expand_message_xmd with keccak256, two field elements of
/// 48 bytes, the Shallue–van de Woestijne map with Z = 1, and their sum. The curve's cofactor is 1.
library HashToG1 {
    uint256 private constant P = Bn254.P;
    /// @dev Bytes of a block of keccak256.
    uint256 private constant BLOCK = 136;
    uint256 private constant HALF = 1 << 128;
    /// @dev 2^256 mod P.
    uint256 private constant WORD = 0x0e0a77c19a07df2f666ea36f7879462c0a78eb28f5c70b3dd35d438dc58f0d9d;

    uint256 private constant Z = 1;
    /// @dev g(Z).
    uint256 private constant C1 = 4;
    /// @dev −Z / 2.
    uint256 private constant C2 = 0x183227397098d014dc2822db40c0ac2ecbc0b548b438e5469e10460b6c3e7ea3;
    /// @dev √(−g(Z) · 3Z²), the even one.
    uint256 private constant C3 = 0x16789af3a83522eb353c98fc6b36d713d5d8d1cc5dffffffa;
    /// @dev −4 g(Z) / 3Z².
    uint256 private constant C4 = 0x10216f7ba065e00de81ac1e7808072c9dd2b2385cd7b438469602eb24829a9bd;

    /// @notice The point of a message under a domain separation tag of at most 255 bytes.
    function hash(bytes memory message, bytes memory tag) internal view returns (G1 memory) {
        (uint256 u, uint256 v) = elements(message, tag);
        return Bn254.add(map(u), map(v));
    }

    /// @notice The message's two field elements.
    function elements(bytes memory message, bytes memory tag) internal pure returns (uint256 u, uint256 v) {
        bytes memory suffix = abi.encodePacked(tag, uint8(tag.length));
        bytes32 b0 = keccak256(abi.encodePacked(new bytes(BLOCK), message, uint16(96), uint8(0), suffix));
        bytes32 b1 = keccak256(abi.encodePacked(b0, uint8(1), suffix));
        bytes32 b2 = keccak256(abi.encodePacked(b0 ^ b1, uint8(2), suffix));
        bytes32 b3 = keccak256(abi.encodePacked(b0 ^ b2, uint8(3), suffix));
        u = addmod(mulmod(uint256(b1), HALF, P), uint256(b2) / HALF, P);
        v = addmod(mulmod(uint256(b2) % HALF, WORD, P), uint256(b3), P);
    }

    /// @notice The point of a field element: the first of three candidates for x whose x³ + 3 is a square, with the y of
    /// the element's parity.
    function map(uint256 u) internal view returns (G1 memory) {
        uint256 t = mulmod(mulmod(u, u, P), C1, P);
        uint256 plus = addmod(1, t, P);
        uint256 minus = addmod(1, P - t, P);
        uint256 inverse = Bn254.power(mulmod(minus, plus, P), P - 2);
        uint256 shift = mulmod(mulmod(mulmod(u, minus, P), inverse, P), C3, P);
        uint256 x = addmod(C2, P - shift, P);
        (bool found, uint256 y) = _root(x);
        if (!found) {
            x = addmod(C2, shift, P);
            (found, y) = _root(x);
        }
        if (!found) {
            uint256 ratio = mulmod(mulmod(plus, plus, P), inverse, P);
            x = addmod(mulmod(mulmod(ratio, ratio, P), C4, P), Z, P);
            (, y) = _root(x);
        }
        return G1(x, y % 2 == u % 2 ? y : P - y);
    }

    /// @dev A square root of x³ + 3, if there is one; P is 3 mod 4, and x³ + 3 never zero.
    function _root(uint256 x) private view returns (bool, uint256 y) {
        uint256 square = Bn254.curve(x);
        y = Bn254.power(square, (P + 1) / 4);
        return (mulmod(y, y, P) == square, y);
    }
}
