// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Extreme} from "../lib/Extreme.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {OrderRows} from "../lib/OrderRows.sol";
import {PoolWindow} from "../lib/PoolWindow.sol";
import {Ranks} from "../lib/Ranks.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @notice Operators that compare elements and choose one. -0 equals +0. Devices may flush subnormals to zero, so these
/// may be told apart or not.
contract OrderJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Extreme for Extreme.Search;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;
    using PoolWindow for PoolWindow.Window;

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
        uint256 here = op.output(0).locate(element);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        bytes32 code = op.opcode();
        bool good;
        if (code == keccak256("ai.onnx/ArgMax/13")) good = _isExtreme(op, here, claimed, cursor, true);
        else if (code == keccak256("ai.onnx/ArgMin/13")) good = _isExtreme(op, here, claimed, cursor, false);
        else if (code == keccak256("ai.onnx/MaxPool/12") || code == keccak256("ai.onnx/MaxPool/22")) {
            good = _isMaximum(op, here, claimed, cursor);
        } else if (_isReduceMax(code)) good = OrderRows.isExtreme(op, here, claimed, cursor, true);
        else if (_isReduceMin(code)) good = OrderRows.isExtreme(op, here, claimed, cursor, false);
        else if (code == keccak256("ai.onnx/TopK/11")) good = OrderRows.isRanked(op, here, claimed, cursor);
        else revert Judge_Opcode(code);
        cursor.done();
        return good ? Verdict.Permitted : Verdict.Convicted;
    }

    /// @dev Words: axis, keepdims, selectLastIndex. Evidence: none if the claim is no index of the axis; else the
    /// claimed element and a witness of the same row, in any order. Without a witness nothing speaks against the claim.
    function _isExtreme(
        bytes calldata op,
        uint256 here,
        uint256 claimed,
        Evidence.Cursor memory cursor,
        bool largest
    ) private pure returns (bool) {
        TensorType from = op.input(0);
        uint256 kind = from.dtype();
        uint256 axis = op.natural(0);
        if (kind != Elements.FLOAT32 && !Elements.isInteger(kind)) revert Judge_Operand(0);
        if (op.output(0).dtype() != Elements.INT64) revert Judge_Operand(Op.OUTPUT_SLOT);
        if (axis >= from.rank()) revert Judge_Attribute(0);
        if (claimed >= from.dim(axis)) return false;

        uint256 row = op.natural(1) != 0 ? here : _inserted(here, axis);
        uint256 size = Elements.size(kind);
        uint256 own = from.indexOf(row.set(axis, claimed));
        bool ownFirst = cursor.nextOffset() == own * size;
        uint256 mine = ownFirst ? cursor.element(0, from, own) : 0;
        if (ownFirst && cursor.ended()) return true;
        uint256 rival = cursor.nextOffset() / size;
        uint256 theirs = cursor.element(0, from, rival);
        if (!ownFirst) mine = cursor.element(0, from, own);

        uint256 place = from.locate(rival);
        if (place.set(axis, 0) != row.set(axis, 0)) revert Judge_Evidence(0, rival * size, size);
        if (Ranks.isNaN(mine, kind) || Ranks.isNaN(theirs, kind)) return true;
        int256 lead = Ranks.rank(mine, kind) - Ranks.rank(theirs, kind);
        if (lead != 0 && lead > 0 == largest) return true;
        if (lead != 0 && !(Ranks.isTiny(mine, kind) && Ranks.isTiny(theirs, kind))) return false;
        uint256 index = place.get(axis);
        return op.natural(2) != 0 ? index <= claimed : index >= claimed;
    }

    /// @dev `here` with an axis put in at `axis`, at coordinate 0.
    function _inserted(uint256 here, uint256 axis) private pure returns (uint256) {
        uint256 shift = axis << 5;
        return (here & ((1 << shift) - 1)) | ((here >> shift) << (shift + 32));
    }

    /// @dev Words: kh, kw, sy, sx, py, px, dy, dx. Evidence: every element of the window that lies inside the image,
    /// ascending.
    function _isMaximum(
        bytes calldata op,
        uint256 here,
        uint256 claimed,
        Evidence.Cursor memory cursor
    ) private pure returns (bool) {
        TensorType from = op.input(0);
        uint256 kind = from.dtype();
        if (kind != Elements.FLOAT32 && kind != Elements.INT8 && kind != Elements.UINT8) revert Judge_Operand(0);
        PoolWindow.Window memory window = PoolWindow.locate(op, from, here);
        Extreme.Search memory search = Extreme.begin(kind, claimed, true);
        uint256 taps = window.taps();
        for (uint256 i = 0; i < taps; ++i) {
            (bool inside, uint256 place) = window.step(from, here, i);
            if (inside) search.see(cursor.element(0, from, from.indexOf(place)));
        }
        return search.good();
    }

    function _isReduceMax(bytes32 code) private pure returns (bool) {
        return
            code == keccak256("ai.onnx/ReduceMax/13") ||
            code == keccak256("ai.onnx/ReduceMax/18") ||
            code == keccak256("ai.onnx/ReduceMax/20");
    }

    function _isReduceMin(bytes32 code) private pure returns (bool) {
        return
            code == keccak256("ai.onnx/ReduceMin/13") ||
            code == keccak256("ai.onnx/ReduceMin/18") ||
            code == keccak256("ai.onnx/ReduceMin/20");
    }
}
