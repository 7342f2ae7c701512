// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAvailability} from "../../interfaces/IAvailability.sol";
import {IMalformed} from "../../interfaces/IMalformed.sol";
import {Bytes} from "./Bytes.sol";
import {Claim} from "./Claim.sol";
import {Elements} from "./Elements.sol";
import {Form} from "./Form.sol";
import {Merkle} from "./Merkle.sol";
import {Openings} from "./Openings.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Encodings of values that nobody honest commits to.
library Encoding {
    using Openings for TensorType;

    /// @dev A root in the trace's padding.
    function ghostValue(
        Claim memory claim,
        uint256 pointer
    ) internal pure returns (uint256 index, bool bad, uint256 next) {
        uint256 count = claim.header.valueCount();
        index = Bytes.u32(pointer);
        uint256 levels = Merkle.depth(count);
        if (index < count || index >> levels != 0) revert IMalformed.Malformed_Outside(index);
        bytes32 ghost = Bytes.word(pointer + 4);
        bytes32 root;
        (root, next) = Merkle.climb(ghost, index, levels, pointer + 36);
        if (root != claim.traceRoot) revert IMalformed.Malformed_NotCommitted();
        bad = ghost != 0;
    }

    /// @dev A root where no value stands: of an inner value in the trace, of a boundary value in its segment's list.
    function strayRoot(
        Claim memory claim,
        IAvailability availability,
        bytes32 batchId,
        uint256 pointer
    ) internal view returns (uint256 value, bool bad, uint256 next) {
        uint256 list;
        (value, list, pointer) = Form.strangerOf(claim, availability, batchId, pointer);
        bytes32 stray = Bytes.word(pointer);
        return (value, stray != 0, claim.requireIs(stray, list, value, pointer + 32));
    }

    /// @dev A byte of one of the value's chunks, or a leaf beyond them.
    function bytesOf(
        Claim memory claim,
        IAvailability availability,
        bytes32 batchId,
        uint256 fault,
        uint256 pointer
    ) internal view returns (uint256 value, bool bad, uint256 next) {
        TensorType kind;
        uint256 list;
        (value, kind, list, pointer) = Form.valueOf(claim, availability, batchId, pointer);
        uint256 siblings = pointer;
        {
            (, uint256 count) = claim.list(list);
            pointer += 32 * Merkle.depth(count);
        }
        uint256 place = Bytes.u32(pointer);
        bytes32 root;
        if (fault == 0) {
            bad = _badByte(kind, place, pointer + 4 + (place % Openings.CHUNK));
            (root, next) = Form.chunkRoot(kind, place, pointer + 4);
        } else {
            uint256 chunks = Openings.chunkCount(kind.byteLength());
            uint256 levels = Merkle.depth(chunks);
            if (place < chunks || place >> levels != 0) revert IMalformed.Malformed_Outside(place);
            bad = Bytes.word(pointer + 4) != 0;
            (root, next) = Openings.climb(Bytes.word(pointer + 4), place, levels, pointer + 36);
        }
        claim.requireIs(kind.tensorRoot(root), list, value, siblings);
    }

    /// @dev Whether byte `place` of the tensor, found in calldata at `pointer`, is one that no tensor has there.
    function _badByte(TensorType kind, uint256 place, uint256 pointer) private pure returns (bool) {
        if (place >= kind.byteLength()) return Bytes.u8(pointer) != 0;
        if (kind.dtype() == Elements.BOOL) return Bytes.u8(pointer) > 1;
        if (kind.dtype() != Elements.FLOAT32) return false;
        uint256 bits = Elements.read(pointer - (place % 4), 4);
        return Elements.isNaN(bits) && bits != Elements.NAN;
    }
}
