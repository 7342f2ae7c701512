// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @notice Operators that compare elements and choose one. -0 equals +0. Devices may flush subnormals to zero, so these
/// may be told apart or not.
contract OrderJudge is IJudge {
    using Evidence for Evidence.Cursor;
    using Layout for TensorType;
    using Layout for uint256;
    using Op for bytes;

    /// The lowest finite float, where some engines start a maximum.
    uint256 private constant LOWEST = 0xff7fffff;
    int256 private constant MINUS_INFINITY = -0x7f800000;
    int256 private constant LEAST_NORMAL = 0x00800000;
    uint256 private constant SIGN = 0x80000000;

    struct Window {
        /// Attribute words of MaxPool, from kh on.
        uint256[8] words;
        /// Top left corner, padding included; may be negative.
        int256 top;
        int256 left;
        /// Whether a row's elements lie further apart than a column's.
        bool rowsFirst;
    }

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
        } else revert Judge_Opcode(code);
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
        if (_isNaN(mine, kind) || _isNaN(theirs, kind)) return true;
        int256 lead = _rank(mine, kind) - _rank(theirs, kind);
        if (lead != 0 && lead > 0 == largest) return true;
        if (lead != 0 && !(_isTiny(mine, kind) && _isTiny(theirs, kind))) return false;
        uint256 index = place.get(axis);
        return op.natural(2) != 0 ? index <= claimed : index >= claimed;
    }

    /// @dev `here` with an axis put in at `axis`, at coordinate 0.
    function _inserted(uint256 here, uint256 axis) private pure returns (uint256) {
        uint256 shift = axis << 5;
        return (here & ((1 << shift) - 1)) | ((here >> shift) << (shift + 32));
    }

    /// @dev Words: kh, kw, sy, sx, py, px, dy, dx. Evidence: every element of the window that lies inside the image,
    /// ascending. A NaN in the window permits each operand, NaN and the engine's first value.
    function _isMaximum(
        bytes calldata op,
        uint256 here,
        uint256 claimed,
        Evidence.Cursor memory cursor
    ) private pure returns (bool) {
        TensorType from = op.input(0);
        uint256 kind = from.dtype();
        if (kind != Elements.FLOAT32 && kind != Elements.INT8 && kind != Elements.UINT8) revert Judge_Operand(0);
        if (from.rank() != 4) revert Judge_Operand(0);
        if (op.output(0).dtype() != kind || op.output(0).rank() != 4) revert Judge_Operand(Op.OUTPUT_SLOT);
        Window memory window = _window(op, from, here);
        int256 best = type(int256).min;
        bool member;
        bool odd;
        bool flushed;
        uint256 steps = window.words[0] * window.words[1];
        for (uint256 i = 0; i < steps; ++i) {
            (bool inside, uint256 place) = _step(window, from, here, i);
            if (!inside) continue;
            uint256 bits = cursor.element(0, from, from.indexOf(place));
            member = member || bits == claimed;
            odd = odd || _isNaN(bits, kind);
            flushed = flushed || (_isTiny(bits, kind) && claimed == bits & SIGN);
            int256 rank = _rank(bits, kind);
            if (rank > best) best = rank;
        }
        if (best == type(int256).min) return true;
        bool first = kind == Elements.FLOAT32 && claimed == LOWEST;
        if (odd) return member || flushed || first || _isNaN(claimed, kind);
        if (kind == Elements.FLOAT32 && best < LEAST_NORMAL && best > -LEAST_NORMAL) {
            return flushed || (member && _isTiny(claimed, kind));
        }
        return (member && _rank(claimed, kind) == best) || (first && best == MINUS_INFINITY);
    }

    function _window(bytes calldata op, TensorType from, uint256 here) private pure returns (Window memory window) {
        for (uint256 i = 0; i < 8; ++i) window.words[i] = op.natural(i);
        window.top = int256(here.get(2) * window.words[2]) - int256(window.words[4]);
        window.left = int256(here.get(3) * window.words[3]) - int256(window.words[5]);
        window.rowsFirst = from.placeOf(2) < from.placeOf(3);
    }

    /// @dev Coordinates of the window's i-th element in the order of the bytes.
    function _step(
        Window memory window,
        TensorType from,
        uint256 here,
        uint256 i
    ) private pure returns (bool inside, uint256 place) {
        (uint256 kh, uint256 kw) = (window.words[0], window.words[1]);
        (uint256 ky, uint256 kx) = window.rowsFirst ? (i / kw, i % kw) : (i % kh, i / kh);
        int256 y = window.top + int256(ky * window.words[6]);
        int256 x = window.left + int256(kx * window.words[7]);
        inside = y >= 0 && x >= 0 && y < int256(from.dim(2)) && x < int256(from.dim(3));
        if (inside) place = here.set(2, uint256(y)).set(3, uint256(x));
    }

    function _isNaN(uint256 bits, uint256 kind) private pure returns (bool) {
        return kind == Elements.FLOAT32 && Elements.isNaN(bits);
    }

    /// @dev Whether the element is a zero or a subnormal float.
    function _isTiny(uint256 bits, uint256 kind) private pure returns (bool) {
        return kind == Elements.FLOAT32 && int256(bits & ~SIGN) < LEAST_NORMAL;
    }

    /// @dev A number that orders elements of a type as their values do.
    function _rank(uint256 bits, uint256 kind) private pure returns (int256) {
        if (kind != Elements.FLOAT32) return Elements.value(bits, kind);
        int256 magnitude = int256(bits & 0x7fffffff);
        return bits >> 31 == 0 ? magnitude : -magnitude;
    }
}
