// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Bytes} from "./Bytes.sol";
import {Elements} from "./Elements.sol";
import {TensorType} from "./TensorType.sol";

/// @notice An operator body (drawn in IJudge) walked once and found sound in its lengths.
struct Body {
    bytes32 opcode;
    bytes32 judge;
    uint256 firstValue;
    uint256 segment;
    uint256 boundary;
    uint256 inputs;
    uint256 outputs;
    /// calldata offset of the references
    uint256 refs;
    /// of every input (offset 0 where it is absent), then of every output
    TensorType[] types;
}

using {BodyLib.ref, BodyLib.touchesInner} for Body global;

library BodyLib {
    uint256 private constant FIXED = 80;
    uint256 internal constant MAX_OUTPUTS = 32;
    uint256 private constant INNER = 4;

    /// @notice Kind and index of input `slot`.
    function ref(Body memory self, uint256 slot) internal pure returns (uint256 kind, uint256 index) {
        return (Bytes.u8(self.refs + 5 * slot), Bytes.u32(self.refs + 5 * slot + 1));
    }

    /// @notice Whether an operand or an output is an inner value of the operator's segment.
    function touchesInner(Body memory self) internal pure returns (bool) {
        if (self.boundary != (1 << self.outputs) - 1) return true;
        for (uint256 slot = 0; slot < self.inputs; ++slot) {
            (uint256 kind, ) = ref(self, slot);
            if (kind == INNER) return true;
        }
        return false;
    }

    /// @notice Walks a body. `ok` is false where its lengths do not add up or a type cannot be one.
    function decode(bytes calldata raw) internal pure returns (bool ok, Body memory body) {
        unchecked {
            (uint256 pointer, uint256 end) = Bytes.bounds(raw);
            if (raw.length < FIXED) return (false, body);
            body.opcode = Bytes.word(pointer);
            body.judge = Bytes.word(pointer + 32);
            uint256 attributes = Bytes.u16(pointer + 64);
            pointer += 66 + attributes;
            if (attributes % 32 != 0 || pointer + 14 > end) return (false, body);
            body.firstValue = Bytes.u32(pointer);
            body.segment = Bytes.u32(pointer + 4);
            body.boundary = Bytes.u32(pointer + 8);
            uint256 inputs = Bytes.u8(pointer + 12);
            uint256 slots = inputs + Bytes.u8(pointer + 13);
            body.inputs = inputs;
            body.outputs = slots - inputs;
            body.refs = pointer + 14;
            pointer += 14 + 5 * inputs;
            if (body.outputs == 0 || body.outputs > MAX_OUTPUTS || pointer > end) return (false, body);
            body.types = new TensorType[](slots);
            for (uint256 i = 0; i < slots; ++i) {
                if (i < inputs && Bytes.u8(body.refs + 5 * i) == 0) continue;
                body.types[i] = TensorType.wrap(pointer);
                pointer = sound(pointer, end);
                if (pointer == 0) return (false, body);
            }
            return (pointer == end, body);
        }
    }

    /// @notice The byte after the type at `pointer`; 0 if it is none: an unknown element type, more than 8 axes, or a
    /// place beyond `end`.
    function sound(uint256 pointer, uint256 end) internal pure returns (uint256 next) {
        TensorType kind = TensorType.wrap(pointer);
        next = kind.end();
        if (next > end || kind.rank() > 8 || Elements.size(kind.dtype()) == 0) next = 0;
    }
}
