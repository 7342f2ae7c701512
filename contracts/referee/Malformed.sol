// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccusations} from "../interfaces/IAccusations.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IJudgeRegistry} from "../interfaces/IJudgeRegistry.sol";
import {IMalformed} from "../interfaces/IMalformed.sol";
import {Bytes} from "./lib/Bytes.sol";
import {Claim, ClaimLib} from "./lib/Claim.sol";
import {Encoding} from "./lib/Encoding.sol";
import {Form} from "./lib/Form.sol";
import {InputForm} from "./lib/InputForm.sol";
import {Interface} from "./lib/Interface.sol";
import {Header, Program} from "./lib/Program.sol";
import {ProgramForm} from "./lib/ProgramForm.sol";
import {Rules} from "./lib/Rules.sol";
import {TensorType} from "./lib/TensorType.sol";

contract Malformed is IMalformed {
    using Interface for bytes;

    IClaims public immutable claims;
    IJudgeRegistry public immutable judges;
    IAccusations public immutable accusations;
    IAvailability public immutable availability;

    struct Bar {
        bytes32 reason; // slot 0
        bytes32 opcode; // slot 1, of the missing judge
        bytes32 codeHash; // slot 2
    }
    mapping(bytes32 programId => Bar) private _bars;

    constructor(IClaims claims_, IJudgeRegistry judges_, IAccusations accusations_, IAvailability availability_) {
        claims = claims_;
        judges = judges_;
        accusations = accusations_;
        availability = availability_;
    }

    // ───────────────────────────────────────────── claims ─────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function proveHeader(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 value;
        TensorType kind;
        uint256 list;
        (value, kind, list, pointer) = Form.valueOf(claim, availability, batchId, pointer);
        (bool same, bytes32 root, uint256 siblings) = Form.preimage(kind, pointer);
        if (claim.requireIs(root, list, value, siblings) != end) revert Malformed_Length();
        if (same) revert Malformed_NoFault();
        _convict(batchId, claim.leaf, "header", value);
    }

    /// @inheritdoc IMalformed
    function proveMissing(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 value;
        uint256 list;
        (value, , list, pointer) = Form.valueOf(claim, availability, batchId, pointer);
        if (claim.requireIs(0, list, value, pointer) != end) revert Malformed_Length();
        _convict(batchId, claim.leaf, "missing", value);
    }

    /// @inheritdoc IMalformed
    function proveEncoding(bytes32 batchId, bytes calldata proof, bytes32 salt) external {
        (Claim memory claim, uint256 pointer, uint256 end) = _claim(batchId, proof, salt);
        uint256 fault = Bytes.u8(pointer++);
        if (fault > 3) revert Malformed_Kind(fault);
        (uint256 value, bool bad, uint256 next) = fault == 2
            ? Encoding.ghostValue(claim, pointer)
            : fault == 3
                ? Encoding.strayRoot(claim, availability, batchId, pointer)
                : Encoding.bytesOf(claim, availability, batchId, fault, pointer);
        if (next != end) revert Malformed_Length();
        if (!bad) revert Malformed_NoFault();
        _convict(batchId, claim.leaf, "encoding", value);
    }

    // ──────────────────────────────────────────── programs ────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function proveMalformed(bytes calldata proof) external {
        (uint256 pointer, uint256 end) = Bytes.bounds(proof);
        uint256 kind = Bytes.u8(pointer);
        Header header = Header.wrap(pointer + 1);
        bytes32 programId = header.id();
        if (barred(programId) != 0) revert Malformed_AlreadyBarred(programId);
        pointer += 1 + Program.HEADER;
        Bar memory bar;
        if (kind == 0) {
            if (header.opCount() == 0 || header.valueCount() == 0) bar.reason = "empty";
        } else if (kind == 1) {
            (bar.reason, pointer) = ProgramForm.hole(header, pointer);
        } else if (kind == 2) {
            uint256 index;
            bytes calldata body;
            (index, body, pointer) = header.operator(pointer);
            bar.reason = Rules.broken(header, index, body, judges);
            if (bar.reason == Rules.JUDGE) (bar.opcode, bar.codeHash) = (bytes32(body[:32]), bytes32(body[32:64]));
        } else if (kind == 3) {
            (bar.reason, pointer) = ProgramForm.pair(header, pointer);
        } else if (kind == 4) {
            (bar.reason, pointer) = ProgramForm.edge(header, pointer);
        } else if (kind == 5) {
            (bar.reason, pointer) = ProgramForm.inputType(header, pointer);
        } else if (kind == 6) {
            (bar.reason, pointer) = ProgramForm.weightType(header, pointer);
        } else if (kind == 7) {
            bytes calldata raw;
            (raw, pointer) = Form.interfaceOf(header, pointer);
            if (!raw.sound(header.inputCount(), header.valueCount())) bar.reason = "interface";
        } else if (kind == 8) {
            (bar.reason, pointer) = ProgramForm.outputForm(header, pointer);
        } else if (kind == 9) {
            (bar.reason, pointer) = ProgramForm.segment(header, pointer);
        } else {
            revert Malformed_Kind(kind);
        }
        if (pointer != end) revert Malformed_Length();
        if (bar.reason == 0) revert Malformed_NoFault();
        _bars[programId] = bar;
        emit Barred(programId, bar.reason);
    }

    /// @inheritdoc IMalformed
    function barred(bytes32 programId) public view returns (bytes32 reason) {
        Bar storage bar = _bars[programId];
        reason = bar.reason;
        if (reason == Rules.JUDGE && judges.judge(bar.opcode, bar.codeHash) != address(0)) return 0;
    }

    // ───────────────────────────────────────────── inputs ─────────────────────────────────────────────

    /// @inheritdoc IMalformed
    function inputFault(bytes32 programId, bytes32 inputsRoot, bytes calldata proof) external view returns (bool) {
        return InputForm.faulty(programId, inputsRoot, proof);
    }

    // ──────────────────────────────────────────── openings ────────────────────────────────────────────

    function _claim(
        bytes32 batchId,
        bytes calldata proof,
        bytes32 salt
    ) private view returns (Claim memory claim, uint256 pointer, uint256 end) {
        accusations.check(batchId, keccak256(proof), msg.sender, salt);
        IClaims.Batch memory batch = claims.batch(batchId);
        (pointer, end) = Bytes.bounds(proof);
        (claim, pointer) = ClaimLib.open(pointer, batch.root, batch.count);
    }

    function _convict(bytes32 batchId, uint256 leaf, bytes32 reason, uint256 value) private {
        emit FormFault(batchId, leaf, reason, value);
        claims.reject(batchId, uint32(leaf), msg.sender);
    }
}
