// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Indexed} from "../lib/Indexed.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {Places} from "../lib/Places.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @notice Operators that move elements and change none: the output's bits are those of one source element, or
/// zero where they pad.
contract MoveJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;

    /// @inheritdoc IJudge
    function judge(
        bytes calldata op,
        uint256,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external pure returns (Verdict) {
        if (output != 0) revert Judge_Operand(Op.OUTPUT_SLOT + output);
        TensorType to = op.output(0);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        (uint256 slot, uint256 coordinates, bool found) = _source(op, to, to.locate(element), cursor);
        if (found && slot == Places.ZERO) {
            found = claimed != 0;
        } else if (found) {
            TensorType from = op.input(slot);
            if (from.dtype() != to.dtype()) revert Judge_Operand(slot);
            found = cursor.element(slot, from, from.indexOf(coordinates)) != claimed;
        }
        cursor.done();
        return found ? Verdict.Convicted : Verdict.Permitted;
    }

    /// @dev Operand and coordinates that the output element at `here` comes from; not found where no honest engine has
    /// a result (an index out of range). The slot may be `Places.ZERO`.
    function _source(
        bytes calldata op,
        TensorType to,
        uint256 here,
        Evidence.Cursor memory cursor
    ) private pure returns (uint256 slot, uint256 coordinates, bool found) {
        bytes32 code = op.opcode();
        if (_isReshape(code)) return (0, op.input(0).fromRowMajor(to.rowMajor(here)), true);
        if (code == keccak256("ai.onnx/Transpose/13") || code == keccak256("ai.onnx/Transpose/21")) {
            return (0, _transposed(op, to.rank(), here), true);
        }
        if (code == keccak256("ai.onnx/Slice/13")) return (0, _sliced(op, to.rank(), here), true);
        if (code == keccak256("ai.onnx/Expand/13")) return (0, op.input(0).broadcast(to.rank(), here), true);
        if (code == keccak256("ai.onnx/Where/9") || code == keccak256("ai.onnx/Where/16")) {
            return _chosen(op, to.rank(), here, cursor);
        }
        if (code == keccak256("ai.onnx/Concat/13")) return _owner(op, here);
        return _further(code, op, to, here, cursor);
    }

    function _further(
        bytes32 code,
        bytes calldata op,
        TensorType to,
        uint256 here,
        Evidence.Cursor memory cursor
    ) private pure returns (uint256 slot, uint256 coordinates, bool found) {
        found = true;
        if (code == keccak256("ai.onnx/Gather/13")) {
            (coordinates, found) = Indexed.gathered(op, here, cursor);
        } else if (code == keccak256("ai.onnx/GatherElements/13")) {
            (coordinates, found) = Indexed.elements(op, here, cursor);
        } else if (code == keccak256("ai.onnx/GatherND/13")) {
            (coordinates, found) = Indexed.vectors(op, here, cursor);
        } else if (code == keccak256("ai.onnx/OneHot/11")) {
            (slot, coordinates) = (1, Indexed.hot(op, here, cursor));
        } else if (_isPad(code)) {
            (slot, coordinates) = Places.padded(op, to.rank(), here);
        } else if (code == keccak256("ai.onnx/Tile/13")) {
            coordinates = Places.tiled(op, to.rank(), here);
        } else if (_isResize(code)) {
            coordinates = Places.resized(op, to.rank(), here);
        } else if (code == keccak256("ai.onnx/DepthToSpace/13")) {
            coordinates = Places.spread(op, here);
        } else if (code == keccak256("ai.onnx/SpaceToDepth/13")) {
            coordinates = Places.stacked(op, here);
        } else if (code == keccak256("ai.onnx/Trilu/14")) {
            (slot, coordinates) = (Places.kept(op, to.rank(), here) ? 0 : Places.ZERO, here);
        } else revert Judge_Opcode(code);
    }

    function _isPad(bytes32 code) private pure returns (bool) {
        return
            code == keccak256("ai.onnx/Pad/13") ||
            code == keccak256("ai.onnx/Pad/18") ||
            code == keccak256("ai.onnx/Pad/19") ||
            code == keccak256("ai.onnx/Pad/21");
    }

    function _isResize(bytes32 code) private pure returns (bool) {
        return
            code == keccak256("ai.onnx/Resize/13") ||
            code == keccak256("ai.onnx/Resize/18") ||
            code == keccak256("ai.onnx/Resize/19");
    }

    /// @dev Operators that keep the logical row-major index.
    function _isReshape(bytes32 code) private pure returns (bool) {
        return
            code == keccak256("essaim/Relayout/1") ||
            code == keccak256("ai.onnx/Reshape/13") ||
            code == keccak256("ai.onnx/Reshape/14") ||
            code == keccak256("ai.onnx/Reshape/19") ||
            code == keccak256("ai.onnx/Reshape/21") ||
            code == keccak256("ai.onnx/Flatten/13") ||
            code == keccak256("ai.onnx/Flatten/21") ||
            code == keccak256("ai.onnx/Squeeze/13") ||
            code == keccak256("ai.onnx/Squeeze/21") ||
            code == keccak256("ai.onnx/Unsqueeze/13") ||
            code == keccak256("ai.onnx/Unsqueeze/21") ||
            code == keccak256("ai.onnx/Identity/13") ||
            code == keccak256("ai.onnx/Identity/14") ||
            code == keccak256("ai.onnx/Identity/16") ||
            code == keccak256("ai.onnx/Identity/19") ||
            code == keccak256("ai.onnx/Identity/21");
    }

    /// @dev Words: perm[rank]; output axis i is input axis perm[i].
    function _transposed(bytes calldata op, uint256 rank, uint256 here) private pure returns (uint256 coordinates) {
        for (uint256 axis = 0; axis < rank; ++axis) {
            coordinates = coordinates.set(op.natural(axis), here.get(axis));
        }
    }

    /// @dev Words: starts[rank], steps[rank].
    function _sliced(bytes calldata op, uint256 rank, uint256 here) private pure returns (uint256 coordinates) {
        for (uint256 axis = 0; axis < rank; ++axis) {
            int256 place = op.word(axis) + op.word(rank + axis) * int256(here.get(axis));
            if (place < 0 || place > type(int32).max) revert Judge_Attribute(axis);
            coordinates = coordinates.set(axis, uint256(place));
        }
    }

    /// @dev Where: the condition's element is evidence, then that of the operand it chooses.
    function _chosen(
        bytes calldata op,
        uint256 rank,
        uint256 here,
        Evidence.Cursor memory cursor
    ) private pure returns (uint256 slot, uint256 coordinates, bool) {
        TensorType condition = op.input(0);
        if (condition.dtype() != Elements.BOOL) revert Judge_Operand(0);
        slot = cursor.element(0, condition, condition.indexOf(condition.broadcast(rank, here))) != 0 ? 1 : 2;
        coordinates = op.input(slot).broadcast(rank, here);
        return (slot, coordinates, true);
    }

    /// @dev Concat, word: axis. The operand that holds place `here` of the axis.
    function _owner(bytes calldata op, uint256 here) private pure returns (uint256 slot, uint256 coordinates, bool) {
        uint256 axis = op.natural(0);
        uint256 place = here.get(axis);
        TensorType from = op.input(0);
        while (place >= from.dim(axis)) {
            place -= from.dim(axis);
            if (!op.present(++slot)) revert Judge_Operand(slot);
            from = from.next();
        }
        return (slot, here.set(axis, place), true);
    }
}
