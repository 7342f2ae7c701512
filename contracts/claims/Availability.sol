// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IAvailability} from "../interfaces/IAvailability.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IClient} from "../interfaces/IClient.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {Claim} from "../referee/lib/Claim.sol";
import {SegmentLib} from "../referee/lib/Segment.sol";
import {Demands} from "./Demands.sol";
import {Answers} from "./lib/Answers.sol";

/// @notice What can be demanded, and what answers it. See {IAvailability}.
contract Availability is Demands {
    using SafeCast for uint256;

    /// @dev What a demander's root demands have shown of a leaf, and when the last one was answered.
    struct Shown {
        // slot 0
        bytes32 claim;
        // slot 1
        uint40 time;
        uint32 blockNumber;
    }

    /// @dev What the answer to part 0 has shown of an output, and when.
    struct Output {
        // slot 0
        uint40 time;
        uint32 blockNumber;
        uint64 size;
    }

    /// @dev What an operator counts as, in bytes.
    uint256 private constant OPERATOR_BYTES = 1024;
    /// @dev What the slot that keeps a segment's root counts as, in bytes.
    uint256 private constant SLOT_BYTES = 1024;

    mapping(bytes32 batchLeafDemander => Shown) private _shown;
    mapping(bytes32 partZero => Output) private _outputs;
    mapping(bytes32 batchLeafSegment => bytes32) private _segments;
    /// @inheritdoc IAvailability
    mapping(bytes32 batchId => mapping(address demander => bool)) public appointed;

    constructor(IClaims claims, IParameters parameters) Demands(claims, parameters) {}

    /// @inheritdoc IAvailability
    function demandClaim(
        bytes32 batchId,
        uint32 leaf,
        Kind list,
        uint32 first,
        uint32 count
    ) external payable returns (bytes32) {
        require(list <= Kind.Operators, Availability_Kind(list));
        _requireAsker(batchId);
        require(CLAIMS.inWindow(batchId), Availability_WindowOver(batchId));
        IClaims.Batch memory batch = CLAIMS.batch(batchId);
        require(leaf < batch.count, Availability_Index(leaf, batch.count));
        IParameters.DemandRules memory rules = PARAMETERS.demandRules(batch.epoch);
        _requireCount(count, rules.maxRange / 32);
        return _bonded(Question(batchId, leaf, list, 0, first, count, msg.sender), 32 * uint256(count), rules);
    }

    /// @inheritdoc IAvailability
    function demandBytes(
        bytes32 batchId,
        uint32 leaf,
        Kind kind,
        uint32 index,
        uint32 first,
        uint32 count,
        bytes calldata claim
    ) external payable returns (bytes32) {
        require(kind >= Kind.Input && kind <= Kind.Value, Availability_Kind(kind));
        IParameters.DemandRules memory rules = _rules(batchId);
        _requireCount(count, rules.maxRange);
        Question memory question = Question(batchId, leaf, kind, index, first, count, msg.sender);
        _requireBelow(question, claim, rules);
        return _bonded(question, count, rules);
    }

    /// @inheritdoc IAvailability
    function demandOperator(
        bytes32 batchId,
        uint32 leaf,
        uint32 index,
        bytes calldata claim
    ) external payable returns (bytes32) {
        IParameters.DemandRules memory rules = _rules(batchId);
        Question memory question = Question(batchId, leaf, Kind.Operator, index, 0, 0, msg.sender);
        _requireBelow(question, claim, rules);
        return _bonded(question, OPERATOR_BYTES, rules);
    }

    /// @inheritdoc IAvailability
    function demandSegment(bytes32 batchId, uint32 leaf, uint32 segment) external payable returns (bytes32 demandId) {
        _requireAsker(batchId);
        IClaims.Batch memory batch = CLAIMS.batch(batchId);
        require(leaf < batch.count, Availability_Index(leaf, batch.count));
        IParameters.DemandRules memory rules = PARAMETERS.demandRules(batch.epoch);
        Question memory question = Question(batchId, leaf, Kind.Segment, segment, 0, 0, msg.sender);
        bool root = CLAIMS.inWindow(batchId);
        if (!root) _requireFollowing(question, rules);
        demandId = _bonded(question, 32 * SegmentLib.VALUES + SLOT_BYTES, rules);
        _demands[demandId].root = root;
    }

    /// @inheritdoc IAvailability
    function demandInner(
        bytes32 batchId,
        uint32 leaf,
        uint32 segment,
        uint32 value,
        uint32 first,
        uint32 count
    ) external payable returns (bytes32) {
        IParameters.DemandRules memory rules = _rules(batchId);
        _requireCount(count, rules.maxRange);
        require(segmentRoot(batchId, leaf, segment) != 0, Availability_NoSegment(segment));
        uint256 index = SegmentLib.VALUES * segment + (value % SegmentLib.VALUES);
        Question memory question = Question(batchId, leaf, Kind.Inner, index.toUint32(), first, count, msg.sender);
        _requireFollowing(question, rules);
        return _bonded(question, count, rules);
    }

    /// @inheritdoc IAvailability
    function demandOutput(
        bytes32 batchId,
        uint32 leaf,
        uint8 output,
        uint32 part,
        bytes calldata clientData
    ) external returns (bytes32) {
        IClaims.Batch memory batch = CLAIMS.batch(batchId);
        require(leaf < batch.count, Availability_Index(leaf, batch.count));
        address requester = IClient(batch.client).requester(batchId, clientData);
        require(requester == msg.sender, Availability_NotRequester(requester));
        IParameters.DemandRules memory rules = PARAMETERS.demandRules(batch.epoch);
        Question memory question = Question(batchId, leaf, Kind.Output, output, 0, rules.maxRange, msg.sender);
        if (part == 0) {
            require(CLAIMS.inWindow(batchId), Availability_WindowOver(batchId));
        } else {
            Output memory known = _outputs[_id(question)];
            uint256 parts = (uint256(known.size) + rules.maxRange - 1) / rules.maxRange;
            require(known.time != 0 && !_tooLate(known.time, known.blockNumber, rules), Availability_NotBelow());
            require(part < parts, Availability_Index(part, parts));
            question.first = (uint256(part) * rules.maxRange).toUint32();
        }
        return _ask(question, 0, block.basefee, rules);
    }

    /// @inheritdoc IAvailability
    function appoint(bytes32 batchId, address demander) external {
        address asker = CLAIMS.askerOf(batchId);
        require(msg.sender == asker, Availability_NotRequester(asker));
        appointed[batchId][demander] = true;
        emit Appointed(batchId, demander);
    }

    /// @inheritdoc IAvailability
    function answer(Question calldata question, bytes calldata blob) external {
        bytes32 demandId = _id(question);
        Demand storage demand_ = _require(demandId, Status.Open);
        IClaims.Batch memory batch = CLAIMS.batch(question.batchId);
        IParameters.DemandRules memory rules = PARAMETERS.demandRules(batch.epoch);
        require(!_over(demand_, rules), Availability_TooLate(demandId));
        uint256 bytesShown =
            question.kind == Kind.Segment
                ? _segment(question, blob, batch, demand_.root)
                : _check(question, blob, batch);

        uint256 fee = block.basefee < demand_.fee ? block.basefee : demand_.fee;
        uint256 share = question.kind == Kind.Output ? 0 : (_gas(bytesShown, rules) * fee) / 2;
        if (share > demand_.bond) share = demand_.bond;
        demand_.status = question.kind == Kind.Output ? Status.Settled : Status.Answered;
        (demand_.answerer, demand_.share) = (msg.sender, share.toUint96());
        emit Answered(demandId, question.batchId, msg.sender, share);
        CLAIMS.answered(question.batchId);
    }

    /// @inheritdoc IAvailability
    function segmentRoot(bytes32 batchId, uint32 leaf, uint32 segment) public view returns (bytes32) {
        return _segments[_segmentKey(batchId, leaf, segment)];
    }

    /// @dev Checks an answer, and remembers what follow-ups need of it.
    function _check(
        Question calldata question,
        bytes calldata blob,
        IClaims.Batch memory batch
    ) private returns (uint256 bytesShown) {
        if (question.kind <= Kind.Operators) {
            bytes32 claimed;
            (claimed, bytesShown) = Answers.roots(question, blob, batch.root, batch.count);
            _show(question, claimed);
        } else if (question.kind == Kind.Inner) {
            uint256 segment = question.index / SegmentLib.VALUES;
            return Answers.inner(question, blob, segmentRoot(question.batchId, question.leaf, segment.toUint32()));
        } else if (question.kind == Kind.Output) {
            uint256 size = Answers.output(question, blob, batch.root, batch.count);
            if (question.first == 0) {
                _outputs[_id(question)] = Output(uint40(block.timestamp), block.number.toUint32(), size.toUint64());
            }
        } else {
            bytes32 claimed = _shown[_below(question)].claim;
            if (question.kind == Kind.Operator) return Answers.operator(question, blob, claimed);
            return Answers.tensor(question, blob, claimed);
        }
    }

    /// @dev Checks the answer for a segment, and keeps its list: the executor's first one.
    function _segment(
        Question calldata question,
        bytes calldata blob,
        IClaims.Batch memory batch,
        bool root
    ) private returns (uint256) {
        (bytes32 claimed, bytes32 list, uint256 bytesShown) = Answers.segment(question, blob, batch.root, batch.count);
        if (root) _show(question, claimed);
        if (list == 0) return 0;
        bytes32 key = _segmentKey(question.batchId, question.leaf, question.index);
        bytes32 known = _segments[key];
        if (known == 0) {
            require(msg.sender == batch.executor, Availability_NotExecutor(batch.executor));
            _segments[key] = list;
            emit SegmentShown(question.batchId, question.leaf, question.index, list);
        } else {
            require(known == list, Availability_OtherSegment(known, list));
        }
        return bytesShown + SLOT_BYTES;
    }

    function _show(Question calldata question, bytes32 claimed) private {
        _shown[_below(question)] = Shown(claimed, uint40(block.timestamp), block.number.toUint32());
    }

    /// @dev Whoever may begin with this batch: what follows below a root demand is its own demander's.
    function _requireAsker(bytes32 batchId) private view {
        address asker = CLAIMS.askerOf(batchId);
        require(
            asker == address(0) || asker == msg.sender || appointed[batchId][msg.sender],
            Availability_NotRequester(asker)
        );
    }

    /// @dev A follow-up: its demander was shown this claim, not more than nine quarters of a clock ago, and it has what is asked for.
    function _requireBelow(
        Question memory question,
        bytes calldata claim,
        IParameters.DemandRules memory rules
    ) private view {
        Claim memory opened = Answers.proven(claim, _requireFollowing(question, rules));
        (, uint256 count) = Answers.list(opened, question.kind);
        require(question.index < count, Availability_Index(question.index, count));
    }

    /// @dev The claim that this demander was shown, not more than two clocks and a quarter ago.
    function _requireFollowing(
        Question memory question,
        IParameters.DemandRules memory rules
    ) private view returns (bytes32) {
        Shown memory shown = _shown[_below(question)];
        require(shown.claim != 0 && !_tooLate(shown.time, shown.blockNumber, rules), Availability_NotBelow());
        return shown.claim;
    }

    function _segmentKey(bytes32 batchId, uint32 leaf, uint32 segment) private pure returns (bytes32) {
        return keccak256(abi.encode(batchId, leaf, segment));
    }

    function _below(Question memory question) private pure returns (bytes32) {
        return keccak256(abi.encode(question.batchId, question.leaf, question.demander));
    }
}
