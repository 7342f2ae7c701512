// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMalformed} from "../../interfaces/IMalformed.sol";
import {Body} from "./Body.sol";
import {Bytes} from "./Bytes.sol";
import {Form} from "./Form.sol";
import {Interface} from "./Interface.sol";
import {Merkle} from "./Merkle.sol";
import {Header} from "./Program.sol";
import {Tags} from "./Tags.sol";
import {TensorType} from "./TensorType.sol";

/// @notice Rules of programs that more than one leaf, or a list, shows to be broken. Reasons are zero where none is.
library ProgramForm {
    using Interface for bytes;

    uint256 private constant INPUT = 1;
    uint256 private constant WEIGHT = 2;
    uint256 private constant VALUE = 3;

    function hole(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        bool weights = Bytes.u8(pointer) == WEIGHT;
        uint256 count = weights ? header.weightCount() : header.opCount();
        bytes32 root;
        (root, next) = Merkle.up(0, Bytes.u32(pointer + 1), count, pointer + 5);
        if (root != (weights ? header.weightsRoot() : header.opsRoot())) revert IMalformed.Malformed_NotCommitted();
        reason = "hole";
    }

    function pair(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        uint256 index = Bytes.u32(pointer);
        pointer += 4;
        bytes32[] memory leaves = new bytes32[](2);
        uint256 expected;
        for (uint256 i = 0; i < 2; ++i) {
            bytes calldata raw = Bytes.slice(pointer + 2, Bytes.u16(pointer));
            pointer += 2 + raw.length;
            leaves[i] = Tags.hash(Tags.OPERATOR, pointer - raw.length, raw.length);
            Body memory body = Form.decode(index + i, raw);
            if (i == 1 && body.firstValue != expected) reason = "number";
            expected = body.firstValue + body.outputs;
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
        uint256 value = Form.refOf(consumer, slot, VALUE);
        if (value < producer.firstValue || value >= producer.firstValue + producer.outputs)
            revert IMalformed.Malformed_Slot(slot);
        TensorType made = producer.types[producer.inputs + value - producer.firstValue];
        return (Form.sameType(consumer.types[slot], made) ? bytes32(0) : bytes32("type"), pointer + 1);
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

    function outputLayout(Header header, uint256 pointer) internal pure returns (bytes32 reason, uint256 next) {
        Body memory body;
        (body, pointer) = Form.operator(header, pointer);
        bytes calldata raw;
        (raw, pointer) = Form.soundInterface(header, pointer);
        uint256 output = Bytes.u8(pointer);
        (bool exists, uint256 value) = raw.output(Bytes.u8(pointer + 1));
        if (!exists || output >= body.outputs || value != body.firstValue + output)
            revert IMalformed.Malformed_Slot(output);
        if (body.types[body.inputs + output].layoutCode() != 0) reason = "interface";
        next = pointer + 2;
    }
}
