// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Merkle} from "./Merkle.sol";
import {Tags} from "./Tags.sol";

/// @notice A program's header where it lies in calldata: `compilerVersion u32 ‖ opsRoot ‖ opCount u32 ‖ valueCount u32 ‖
/// weightsRoot ‖ weightCount u32 ‖ inputCount u32 ‖ segmentsRoot ‖ segmentCount u32 ‖ interfaceHash ‖ numerics u32`.
/// The value is its calldata offset.
type Header is uint256;

using Program for Header global;

library Program {
    uint256 internal constant HEADER = 156;

    /// @notice The leaf shown is not operator `index` of this program.
    error Program_NotItsOperator(uint256 index);

    function id(Header self) internal pure returns (bytes32) {
        return Tags.hash(Tags.PROGRAM, Header.unwrap(self), HEADER);
    }

    function opsRoot(Header self) internal pure returns (bytes32) {
        return Bytes.word(Header.unwrap(self) + 4);
    }

    function opCount(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 36);
    }

    function valueCount(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 40);
    }

    function weightsRoot(Header self) internal pure returns (bytes32) {
        return Bytes.word(Header.unwrap(self) + 44);
    }

    function weightCount(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 76);
    }

    function inputCount(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 80);
    }

    function segmentsRoot(Header self) internal pure returns (bytes32) {
        return Bytes.word(Header.unwrap(self) + 84);
    }

    function segmentCount(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 116);
    }

    function interfaceHash(Header self) internal pure returns (bytes32) {
        return Bytes.word(Header.unwrap(self) + 120);
    }

    function numerics(Header self) internal pure returns (uint256) {
        return Bytes.u32(Header.unwrap(self) + 152);
    }

    /// @notice Opens `opIndex u32 ‖ bodyLen u16 ‖ body ‖ siblings` at `pointer`.
    /// @return index The operator's number.
    /// @return body Its body.
    /// @return next The byte after the siblings.
    function operator(
        Header self,
        uint256 pointer
    ) internal pure returns (uint256 index, bytes calldata body, uint256 next) {
        index = Bytes.u32(pointer);
        body = Bytes.slice(pointer + 6, Bytes.u16(pointer + 4));
        bytes32 root = Tags.hash(Tags.OPERATOR, pointer + 6, body.length);
        (root, next) = Merkle.up(root, index, opCount(self), pointer + 6 + body.length);
        if (root != opsRoot(self)) revert Program_NotItsOperator(index);
    }
}
