// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {Row, Rows, Status} from "./Rows.sol";

/// @notice Rules, limits and warnings: {IClaims}.
contract Claims is IClaims {
    using Rows for Row;
    using Rows for uint256;

    uint256 private constant REFEREE_INDEX = 0;
    uint256 private constant MALFORMED_INDEX = 1;
    uint256 private constant AVAILABILITY_INDEX = 2;
    uint256 private constant CLIENT_INDEX = 3;

    IParameters private immutable PARAMETERS;
    address private immutable REFEREE;
    address private immutable MALFORMED;
    address private immutable AVAILABILITY;

    mapping(bytes32 batchId => Row) private _rows;
    /// @dev A fourth slot, written only once demanded or convicted. Offsets in bits.
    ///   Demanded: open 0 ‖ time of the last answer 32 ‖ its block 72
    ///   Rejected: challenger 0 ‖ leaf 160 ‖ adjudicator 192
    mapping(bytes32 batchId => uint256) private _more;
    /// @inheritdoc IClaims
    mapping(bytes32 batchId => address) public askerOf;
    mapping(bytes32 batchId => uint256) private _voids;
    mapping(bytes32 batchId => mapping(uint256 word => uint256 bits)) private _voidLeaves;

    constructor(IParameters parameters, address referee, address malformed, address availability) {
        PARAMETERS = parameters;
        REFEREE = referee;
        MALFORMED = malformed;
        AVAILABILITY = availability;
    }

    /// @inheritdoc IClaims
    function submit(
        bytes32 subject,
        bytes32 root,
        uint32 count,
        address executor,
        uint40 lock,
        uint16 epoch
    ) external returns (bytes32 batchId) {
        require(count != 0, Claims_Empty());
        batchId = keccak256(abi.encodePacked(msg.sender, subject));
        Row storage row = _rows[batchId];
        require(row.standing == 0, Claims_Exists(batchId));
        uint32 time = SafeCast.toUint32(block.timestamp);
        uint32 number = SafeCast.toUint32(block.number);
        row.write(Batch(root, msg.sender, lock, count, executor, time, number, epoch));
        emit Submitted(batchId, msg.sender, executor, subject, root, count, lock, epoch);
    }

    /// @inheritdoc IClaims
    function seal(bytes32 batchId, address asker) external {
        Row storage row = _rows[batchId];
        require(msg.sender == row.client(), Claims_NotAdjudicator(msg.sender));
        require(row.standing.blockOf() == block.number, Claims_SealedLate(batchId));
        askerOf[batchId] = asker;
        emit Sealed(batchId, asker);
    }

    /// @inheritdoc IClaims
    function reject(bytes32 batchId, uint32 leaf, address challenger) external {
        Row storage row = _rows[batchId];
        uint256 adjudicator = _adjudicator(row.client());
        _requirePending(batchId);
        _requireLeaf(row, leaf);
        row.setStatus(Status.Rejected);
        _more[batchId] = (adjudicator << 192) | (uint256(leaf) << 160) | uint160(challenger);
        emit Rejected(batchId, challenger, msg.sender, leaf);
    }

    /// @inheritdoc IClaims
    function annul(bytes32 batchId, uint32 leaf) external {
        require(msg.sender == REFEREE, Claims_NotAdjudicator(msg.sender));
        _requirePending(batchId);
        Row storage row = _rows[batchId];
        _requireLeaf(row, leaf);
        require(!isVoid(batchId, leaf), Claims_AlreadyVoid(batchId, leaf));
        _voidLeaves[batchId][leaf >> 8] |= 1 << (leaf & 255);
        _voids[batchId]++;
        row.setHasVoids();
        emit Voided(batchId, leaf);
    }

    /// @inheritdoc IClaims
    function demanded(bytes32 batchId) external {
        require(msg.sender == AVAILABILITY, Claims_NotAdjudicator(msg.sender));
        _requirePending(batchId);
        _rows[batchId].setStatus(Status.Demanded);
        _more[batchId]++;
    }

    /// @inheritdoc IClaims
    function answered(bytes32 batchId) external {
        require(msg.sender == AVAILABILITY, Claims_NotAdjudicator(msg.sender));
        _requirePending(batchId);
        uint32 open = uint32(_more[batchId]);
        require(open != 0, Claims_NothingDemanded(batchId));
        _more[batchId] = (block.number << 72) | (block.timestamp << 32) | (open - 1);
    }

    /// @inheritdoc IClaims
    function state(bytes32 batchId) public view returns (State) {
        return _state(batchId, _rows[batchId].standing);
    }

    /// @inheritdoc IClaims
    function outcome(bytes32 batchId) external view returns (State, uint32) {
        uint256 standing = _rows[batchId].standing;
        return (_state(batchId, standing), standing.hasVoids() ? uint32(_voids[batchId]) : 0);
    }

    /// @inheritdoc IClaims
    function inWindow(bytes32 batchId) external view returns (bool) {
        uint256 standing = _rows[batchId].standing;
        Status status = standing.statusOf();
        if (status == Status.None || status == Status.Rejected) return false;
        (uint32 windowSeconds, uint32 windowBlocks, , ) = PARAMETERS.claimRules(standing.epochOf());
        return !_passed(standing.timeOf(), standing.blockOf(), windowSeconds, windowBlocks);
    }

    /// @inheritdoc IClaims
    function batch(bytes32 batchId) external view returns (Batch memory) {
        return _rows[batchId].read();
    }

    /// @inheritdoc IClaims
    function submission(
        bytes32 batchId
    ) external view returns (address executor, uint40 time, uint32 blockNumber, uint16 epoch) {
        uint256 standing = _rows[batchId].standing;
        (executor, time) = (address(uint160(standing)), standing.timeOf());
        (blockNumber, epoch) = (standing.blockOf(), standing.epochOf());
    }

    /// @inheritdoc IClaims
    function openDemands(bytes32 batchId) external view returns (uint32) {
        return _rows[batchId].standing.statusOf() == Status.Demanded ? uint32(_more[batchId]) : 0;
    }

    /// @inheritdoc IClaims
    function voids(bytes32 batchId) external view returns (uint32) {
        return uint32(_voids[batchId]);
    }

    /// @inheritdoc IClaims
    function isVoid(bytes32 batchId, uint32 leaf) public view returns (bool) {
        return (_voidLeaves[batchId][leaf >> 8] >> (leaf & 255)) & 1 == 1;
    }

    /// @inheritdoc IClaims
    function conviction(bytes32 batchId) external view returns (address challenger, uint32 leaf, address adjudicator) {
        Row storage row = _rows[batchId];
        if (row.standing.statusOf() != Status.Rejected) return (address(0), 0, address(0));
        uint256 more = _more[batchId];
        address[4] memory adjudicators = [REFEREE, MALFORMED, AVAILABILITY, row.client()];
        return (address(uint160(more)), uint32(more >> 160), adjudicators[more >> 192]);
    }

    function _adjudicator(address client) private view returns (uint256) {
        if (msg.sender == REFEREE) return REFEREE_INDEX;
        if (msg.sender == MALFORMED) return MALFORMED_INDEX;
        if (msg.sender == AVAILABILITY) return AVAILABILITY_INDEX;
        require(msg.sender == client, Claims_NotAdjudicator(msg.sender));
        return CLIENT_INDEX;
    }

    function _requirePending(bytes32 batchId) private view {
        State current = state(batchId);
        require(current == State.Pending, Claims_NotPending(batchId, current));
    }

    function _requireLeaf(Row storage row, uint32 leaf) private view {
        uint32 count = row.count();
        require(leaf < count, Claims_Leaf(leaf, count));
    }

    function _state(bytes32 batchId, uint256 standing) private view returns (State) {
        Status status = standing.statusOf();
        if (status == Status.None) return State.None;
        if (status == Status.Rejected) return State.Rejected;
        (uint32 windowSeconds, uint32 windowBlocks, uint32 graceSeconds, uint32 graceBlocks) = PARAMETERS.claimRules(
            standing.epochOf()
        );
        if (!_passed(standing.timeOf(), standing.blockOf(), windowSeconds, windowBlocks)) return State.Pending;
        if (status == Status.Demanded) {
            uint256 more = _more[batchId];
            if (uint32(more) != 0) return State.Pending;
            if (!_passed(uint40(more >> 32), more >> 72, graceSeconds, graceBlocks)) return State.Pending;
        }
        return State.Final;
    }

    /// @dev More seconds and more blocks than the length lie behind.
    function _passed(uint256 time, uint256 number, uint256 seconds_, uint256 blocks) private view returns (bool) {
        return block.timestamp > time + seconds_ && block.number > number + blocks;
    }
}
