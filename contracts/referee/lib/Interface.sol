// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {BodyLib} from "./Body.sol";
import {Bytes} from "./Bytes.sol";
import {Openings} from "./Openings.sol";
import {Ranges} from "./Ranges.sol";
import {TensorType} from "./TensorType.sol";

/// @notice A program's interface: `nIn u8 ‖ nIn×(type ‖ low u64 ‖ high u64 ‖ step u64) ‖ nOut u8 ‖ nOut×(value u32)`.
library Interface {
    uint256 private constant RANGE = 24;

    /// @notice Whether the bytes are an interface of `inputs` inputs and of outputs below `values`: everything
    /// decodes, inputs are row-major and their ranges are ranges.
    function sound(bytes calldata raw, uint256 inputs, uint256 values) internal pure returns (bool) {
        (uint256 pointer, uint256 end) = Bytes.bounds(raw);
        if (raw.length == 0 || Bytes.u8(pointer++) != inputs) return false;
        for (uint256 i = 0; i < inputs; ++i) {
            TensorType kind = TensorType.wrap(pointer);
            pointer = BodyLib.sound(pointer, end);
            if (pointer == 0 || pointer + RANGE > end || kind.layoutCode() != 0) return false;
            if (Openings.byteLength(kind) > Openings.LONGEST || !Ranges.sound(kind.dtype(), pointer)) return false;
            pointer += RANGE;
        }
        uint256 outputs = Bytes.u8(pointer++);
        if (outputs == 0 || pointer + 4 * outputs != end) return false;
        for (; pointer < end; pointer += 4) {
            if (Bytes.u32(pointer) >= values) return false;
        }
        return true;
    }

    /// @notice Type of input `i` of a sound interface; its range follows it.
    function input(bytes calldata raw, uint256 i) internal pure returns (TensorType) {
        (uint256 pointer, ) = Bytes.bounds(raw);
        ++pointer;
        for (; i > 0; --i) pointer = TensorType.wrap(pointer).end() + RANGE;
        return TensorType.wrap(pointer);
    }

    /// @notice Global number of the value that is output `i` of a sound interface.
    function output(bytes calldata raw, uint256 i) internal pure returns (bool exists, uint256 value) {
        (uint256 pointer, ) = Bytes.bounds(raw);
        pointer = TensorType.unwrap(input(raw, Bytes.u8(pointer)));
        return (i < Bytes.u8(pointer), Bytes.u32(pointer + 1 + 4 * i));
    }
}
