// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IJudge} from "../../interfaces/IJudge.sol";
import {DotBytes} from "../lib/DotBytes.sol";
import {DotChain} from "../lib/DotChain.sol";
import {DotInterval} from "../lib/DotInterval.sol";
import {DotRows} from "../lib/DotRows.sol";
import {DotWindow} from "../lib/DotWindow.sol";
import {Elements} from "../lib/Elements.sol";
import {Evidence} from "../lib/Evidence.sol";
import {Layout} from "../lib/Layout.sol";
import {Op} from "../lib/Op.sol";
import {TensorType} from "../lib/TensorType.sol";

/// @title Judge of MatMul, Gemm, Conv (binary32), MatMulInteger and ConvInteger (bytes of one signedness)
contract DotJudge is IJudge {
    using Evidence for Evidence.Cursor;

    bytes32 private constant MATMUL_1 = keccak256("ai.onnx/MatMul/1");
    bytes32 private constant MATMUL_9 = keccak256("ai.onnx/MatMul/9");
    bytes32 private constant MATMUL_13 = keccak256("ai.onnx/MatMul/13");
    bytes32 private constant GEMM_7 = keccak256("ai.onnx/Gemm/7");
    bytes32 private constant GEMM_9 = keccak256("ai.onnx/Gemm/9");
    bytes32 private constant GEMM_11 = keccak256("ai.onnx/Gemm/11");
    bytes32 private constant GEMM_13 = keccak256("ai.onnx/Gemm/13");
    bytes32 private constant CONV_1 = keccak256("ai.onnx/Conv/1");
    bytes32 private constant CONV_11 = keccak256("ai.onnx/Conv/11");
    bytes32 private constant CONV_22 = keccak256("ai.onnx/Conv/22");
    bytes32 private constant MATMUL_INTEGER_10 = keccak256("ai.onnx/MatMulInteger/10");
    bytes32 private constant CONV_INTEGER_10 = keccak256("ai.onnx/ConvInteger/10");

    /// numerics 1: fp32, chains of additions as in DotChain
    uint256 private constant NUMERICS = 1;
    /// 1.0 in little-endian order, at the head of a word
    uint256 private constant ONE = 0x0000803f << 224;

    /// @inheritdoc IJudge
    function judge(
        bytes calldata op,
        uint256 numerics,
        uint256 output,
        uint256 element,
        uint256 claimed,
        bytes calldata evidence
    ) external pure returns (Verdict) {
        if (numerics != NUMERICS) revert Judge_Numerics(numerics);
        if (output != 0) revert Judge_Operand(Op.OUTPUT_SLOT + output);
        Evidence.Cursor memory cursor = Evidence.open(evidence);
        bytes32 code = Op.opcode(op);
        if (code == MATMUL_13 || code == MATMUL_9 || code == MATMUL_1) {
            return _rows(op, cursor, DotRows.matmul(op, element), false, claimed);
        }
        if (code == GEMM_13 || code == GEMM_11 || code == GEMM_9 || code == GEMM_7) {
            return _rows(op, cursor, DotRows.gemm(op, element), Op.present(op, 2), claimed);
        }
        if (code == CONV_11 || code == CONV_22 || code == CONV_1) {
            return _window(op, cursor, DotWindow.locate(op, element), claimed);
        }
        if (code == MATMUL_INTEGER_10) return _rowsOfBytes(op, cursor, DotRows.matmul(op, element), claimed);
        if (code == CONV_INTEGER_10) return _windowOfBytes(op, cursor, DotWindow.locate(op, element), claimed);
        revert Judge_Opcode(code);
    }

    function _rows(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotRows.Rows memory rows,
        bool bias,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            _expect(op, Elements.FLOAT32, Elements.FLOAT32);
            uint256 size = rows.terms << 2;
            (uint256 a, uint256 b) = (_buffer(size + 4), _buffer(size + 4));
            _copy(a, cursor.take(0, rows.a * size, size), size);
            _copy(b, cursor.take(1, rows.b * size, size), size);
            if (bias) {
                TensorType c = _typed(op, 2, Elements.FLOAT32);
                uint256 index = Layout.indexOf(c, Layout.broadcast(c, 2, rows.coordinates));
                _bias(a + size, b + size, cursor.take(2, index << 2, 4));
                ++rows.terms;
            }
            cursor.done();
            return DotInterval.judge(a, b, rows.terms, DotChain.product(op), false, claimed);
        }
    }

    function _window(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotWindow.Window memory window,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            _expect(op, Elements.FLOAT32, Elements.FLOAT32);
            uint256 size = window.terms << 2;
            (uint256 a, uint256 b) = (_buffer(size + 4), _buffer(size + 4));
            DotWindow.copy(window, cursor, a, 4);
            _copy(b, cursor.take(1, window.filter * size, size), size);
            uint256 terms = window.terms;
            if (Op.present(op, 2)) {
                _typed(op, 2, Elements.FLOAT32);
                _bias(a + size, b + size, cursor.take(2, window.filter << 2, 4));
                ++terms;
            }
            cursor.done();
            return DotInterval.judge(a, b, terms, DotChain.convolution(op), window.clipped, claimed);
        }
    }

    function _rowsOfBytes(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotRows.Rows memory rows,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            uint256 size = rows.terms;
            uint256 dtype = _expectBytes(op, size);
            (uint256 a, uint256 b) = (_buffer(size), _buffer(size));
            _copy(a, cursor.take(0, rows.a * size, size), size);
            _copy(b, cursor.take(1, rows.b * size, size), size);
            int256 zeroA = _zero(op, cursor, 2, rows.row, dtype);
            int256 zeroB = _zero(op, cursor, 3, rows.column, dtype);
            cursor.done();
            return _exact(a, b, size, dtype, zeroA, zeroB, claimed);
        }
    }

    function _windowOfBytes(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        DotWindow.Window memory window,
        uint256 claimed
    ) private pure returns (Verdict) {
        unchecked {
            uint256 size = window.terms;
            uint256 dtype = _expectBytes(op, size);
            (uint256 a, uint256 b) = (_buffer(size), _buffer(size));
            // padding is the zero point, whose range is the last one or the last but one, of one byte each
            if (window.clipped && Op.present(op, 2)) {
                uint256 back = Op.present(op, 3) ? 11 : 1;
                if (cursor.end - cursor.next < back) revert Judge_Evidence(2, 0, 1);
                DotWindow.fill(a, size, Elements.read(cursor.end - back, 1));
            }
            DotWindow.copy(window, cursor, a, 1);
            _copy(b, cursor.take(1, window.filter * size, size), size);
            int256 zeroA = _zero(op, cursor, 2, 0, dtype);
            int256 zeroB = _zero(op, cursor, 3, window.filter, dtype);
            cursor.done();
            return _exact(a, b, size, dtype, zeroA, zeroB, claimed);
        }
    }

    /// @dev The zero point of `slot`, one for all or one for each row, column or filter; 0 where absent.
    function _zero(
        bytes calldata op,
        Evidence.Cursor memory cursor,
        uint256 slot,
        uint256 index,
        uint256 dtype
    ) private pure returns (int256) {
        if (!Op.present(op, slot)) return 0;
        TensorType kind = _typed(op, slot, dtype);
        if (kind.rank() > 1) revert Judge_Operand(slot);
        if (kind.elements() == 1) index = 0;
        else if (index >= kind.elements()) revert Judge_Operand(slot);
        return Elements.value(cursor.element(slot, kind, index), dtype);
    }

    function _exact(
        uint256 a,
        uint256 b,
        uint256 terms,
        uint256 dtype,
        int256 zeroA,
        int256 zeroB,
        uint256 claimed
    ) private pure returns (Verdict) {
        uint256 dot = DotBytes.sum(a, b, terms, zeroA, zeroB, dtype == Elements.INT8);
        return claimed == dot ? Verdict.Permitted : Verdict.Convicted;
    }

    function _expect(bytes calldata op, uint256 operands, uint256 result) private pure {
        _typed(op, 0, operands);
        _typed(op, 1, operands);
        if (Op.output(op, 0).dtype() != result) revert Judge_Operand(Op.OUTPUT_SLOT);
    }

    function _expectBytes(bytes calldata op, uint256 terms) private pure returns (uint256 dtype) {
        dtype = Op.input(op, 0).dtype();
        if (terms > DotBytes.MAX_TERMS) revert Judge_Operand(1);
        if (dtype != Elements.INT8 && dtype != Elements.UINT8) revert Judge_Operand(0);
        _expect(op, dtype, Elements.INT32);
    }

    function _typed(bytes calldata op, uint256 slot, uint256 dtype) private pure returns (TensorType kind) {
        kind = Op.input(op, slot);
        if (kind.dtype() != dtype) revert Judge_Operand(slot);
    }

    /// @dev Zeroed memory of at least `size` bytes, in whole words.
    function _buffer(uint256 size) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            size := and(add(size, 31), not(31))
            pointer := mload(0x40)
            mstore(0x40, add(pointer, size))
            calldatacopy(pointer, calldatasize(), size)
        }
    }

    function _copy(uint256 target, uint256 source, uint256 size) private pure {
        assembly ("memory-safe") {
            calldatacopy(target, source, size)
        }
    }

    /// @dev One more term: the bias times one.
    function _bias(uint256 a, uint256 b, uint256 source) private pure {
        uint256 one = ONE >> 224;
        assembly ("memory-safe") {
            calldatacopy(a, source, 4)
            mstore8(add(b, 2), byte(30, one))
            mstore8(add(b, 3), byte(31, one))
        }
    }
}
