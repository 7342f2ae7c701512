// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMalformed} from "../../interfaces/IMalformed.sol";
import {Body} from "./Body.sol";
import {Bytes} from "./Bytes.sol";
import {Form} from "./Form.sol";
import {Interface} from "./Interface.sol";
import {Merkle} from "./Merkle.sol";
import {Header} from "./Program.sol";
import {Segment, SegmentLib} from "./Segment.sol";
import {Tags} from "./Tags.sol";

/// @notice Rules of programs that more than one leaf, or a list, shows to be broken. Reasons are zero where none is.
library ProgramForm {
    using Interface for bytes;

    uint256 private constant SEGMENTS = 1;
    uint256 private constant INPUT = 1;
    uint256 private constant WEIGHT = 2;
    uint256 private constant VALUE = 3;
    uint256 private constant INNER = 4;

    function hole(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        uint256 list = Bytes.u8(pointer);
        (bytes32 committed, uint256 count) = (header.opsRoot(), header.opCount());
        if (list == SEGMENTS) (committed, count) = (header.segmentsRoot(), header.segmentCount());
        else if (list == WEIGHT) (committed, count) = (header.weightsRoot(), header.weightCount());
        bytes32 root;
        (root, next) = Merkle.up(0, Bytes.u32(pointer + 1), count, pointer + 5);
        if (root != committed) revert IMalformed.Malformed_NotCommitted();
        reason = "hole";
    }

    function pair(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        uint256 index = Bytes.u32(pointer);
        pointer += 4;
        bytes32[] memory leaves = new bytes32[](2);
        uint256 expected;
        uint256 segment_;
        for (uint256 i = 0; i < 2; ++i) {
            bytes calldata raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
            pointer += 2 + raw.length;
            leaves[i] = Tags.hash(Tags.OPERATOR, pointer - raw.length, raw.length);
            Body memory body = Form.decode(index + i, raw);
            if (i == 1 && body.firstValue != expected) reason = "number";
            else if (i == 1 && (body.segment < segment_ || body.segment > segment_ + 1)) reason = "segment";
            (expected, segment_) = (body.firstValue + body.outputs, body.segment);
        }
        bytes32 root;
        (root, next) = Merkle.range(leaves, index, header.opCount(), pointer);
        if (root != header.opsRoot()) revert IMalformed.Malformed_NotCommitted();
    }

    function edge(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        Body memory consumer;
        Body memory producer;
        (consumer, pointer) = Form.operator(header, pointer);
        (producer, pointer) = Form.operator(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        if (slot >= consumer.inputs) revert IMalformed.Malformed_Slot(slot);
        (uint256 kind, uint256 value) = consumer.ref(slot);
        if (
            (kind != VALUE && kind != INNER) ||
            value < producer.firstValue ||
            value >= producer.firstValue + producer.outputs
        ) revert IMalformed.Malformed_Slot(slot);
        uint256 output = value - producer.firstValue;
        bool boundary = (producer.boundary >> output) & 1 == 1;
        if (boundary != (kind == VALUE) || (!boundary && consumer.segment != producer.segment)) reason = "inner";
        else if (!Form.sameType(consumer.types[slot], producer.types[producer.inputs + output])) reason = "type";
        next = pointer + 1;
    }

    function inputType(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = Form.operator(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        uint256 index = Form.refOf(body, slot, INPUT);
        bytes calldata raw;
        (raw, next) = Form.soundInterface(header, pointer + 1);
        if (index >= header.inputCount()) revert IMalformed.Malformed_Slot(slot);
        if (!Form.sameType(body.types[slot], raw.input(index))) reason = "type";
    }

    function weightType(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = Form.operator(header, pointer);
        uint256 slot = Bytes.u8(pointer);
        uint256 index = Form.refOf(body, slot, WEIGHT);
        (bool same, bytes32 root, uint256 siblings) = Form.preimage(body.types[slot], pointer + 1);
        (root, next) = Merkle.up(root, index, header.weightCount(), siblings);
        if (root != header.weightsRoot()) revert IMalformed.Malformed_NotCommitted();
        if (!same) reason = "weight";
    }

    function outputForm(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = Form.operator(header, pointer);
        bytes calldata raw;
        (raw, pointer) = Form.soundInterface(header, pointer);
        uint256 output = Bytes.u8(pointer);
        (bool exists, uint256 value) = raw.output(Bytes.u8(pointer + 1));
        if (!exists || output >= body.outputs || value != body.firstValue + output)
            revert IMalformed.Malformed_Slot(output);
        bool boundary = (body.boundary >> output) & 1 == 1;
        if (!boundary || body.types[body.inputs + output].layoutCode() != 0) reason = "interface";
        next = pointer + 2;
    }

    function segment(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        uint256 index = Bytes.u32(pointer);
        Segment memory run;
        (run, pointer) = SegmentLib.open(header, index, pointer + 4);
        uint256 op = Bytes.u32(pointer);
        Body memory body;
        (body, next) = Form.operator(header, pointer);
        bool inside = op >= run.firstOp && op < run.firstOp + run.opCount;
        if (
            run.valueCount == 0 ||
            run.valueCount > SegmentLib.VALUES ||
            inside != (body.segment == index) ||
            (op == run.firstOp && body.firstValue != run.firstValue) ||
            (op + 1 == run.firstOp + run.opCount && body.firstValue + body.outputs != run.firstValue + run.valueCount)
        ) reason = "segment";
    }
}
