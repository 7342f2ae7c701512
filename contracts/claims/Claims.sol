// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IClaims} from "../interfaces/IClaims.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @notice Rules, limits and warnings: {IClaims}.
contract Claims is IClaims {
    /// @dev What is stored of a state. Whether a pending batch is final is a view of time. A batch is written once as
    /// Pending or Demanded (slot 3 in use) and once at most as Rejected, so it has one end.
    enum Status {
        None,
        Pending,
        Demanded,
        Rejected
    }

    struct Row {
        // slot 0
        bytes32 root;
        // slot 1
        address client;
        uint40 lock;
        uint32 count;
        // slot 2: all that the state of a batch without demands needs
        address executor;
        uint32 time;
        uint32 blockNumber;
        uint16 epoch;
        Status status;
        bool hasVoids;
        // slot 3: written only once demanded or convicted
        //   Demanded: lastBlock 32 bits ‖ lastTime 40 bits ‖ open 32 bits
        //   Rejected: adjudicator 8 bits ‖ leaf 32 bits ‖ challenger 160 bits
        uint256 more;
    }

    uint8 private constant REFEREE = 0;
    uint8 private constant AVAILABILITY = 2;
    uint8 private constant CLIENT = 3;

    IParameters private immutable PARAMETERS;
    address private immutable REFEREE_ADDRESS;
    address private immutable MALFORMED_ADDRESS;
    address private immutable AVAILABILITY_ADDRESS;

    mapping(bytes32 batchId => Row) private _rows;
    mapping(bytes32 batchId => uint256) private _voids;
    mapping(bytes32 batchId => mapping(uint256 word => uint256 bits)) private _voidLeaves;

    constructor(IParameters parameters, address referee, address malformed, address availability) {
        PARAMETERS = parameters;
        REFEREE_ADDRESS = referee;
        MALFORMED_ADDRESS = malformed;
        AVAILABILITY_ADDRESS = availability;
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
        require(row.status == Status.None, Claims_Exists(batchId));
        row.root = root;
        (row.client, row.lock, row.count) = (msg.sender, lock, count);
        row.executor = executor;
        row.time = SafeCast.toUint32(block.timestamp);
        row.blockNumber = SafeCast.toUint32(block.number);
        row.epoch = epoch;
        row.status = Status.Pending;
        emit Submitted(batchId, msg.sender, executor, subject, root, count, lock, epoch);
    }

    /// @inheritdoc IClaims
    function reject(bytes32 batchId, uint32 leaf, address challenger) external {
        Row storage row = _rows[batchId];
        uint8 adjudicator = _adjudicator(row.client);
        _requirePending(batchId, row);
        require(leaf < row.count, Claims_Leaf(leaf, row.count));
        row.status = Status.Rejected;
        row.more = (uint256(adjudicator) << 192) | (uint256(leaf) << 160) | uint160(challenger);
        emit Rejected(batchId, challenger, msg.sender, leaf);
    }

    /// @inheritdoc IClaims
    function annul(bytes32 batchId, uint32 leaf) external {
        require(msg.sender == REFEREE_ADDRESS, Claims_NotAdjudicator(msg.sender));
        Row storage row = _rows[batchId];
        _requirePending(batchId, row);
        require(leaf < row.count, Claims_Leaf(leaf, row.count));
        require(!isVoid(batchId, leaf), Claims_AlreadyVoid(batchId, leaf));
        _voidLeaves[batchId][leaf >> 8] |= 1 << (leaf & 255);
        _voids[batchId]++;
        row.hasVoids = true;
        emit Voided(batchId, leaf);
    }

    /// @inheritdoc IClaims
    function demanded(bytes32 batchId) external {
        Row storage row = _onlyAvailability(batchId);
        row.status = Status.Demanded;
        row.more++;
    }

    /// @inheritdoc IClaims
    function answered(bytes32 batchId) external {
        Row storage row = _onlyAvailability(batchId);
        uint32 open = uint32(row.more);
        require(open != 0, Claims_NothingDemanded(batchId));
        row.more = (block.number << 72) | (block.timestamp << 32) | (open - 1);
    }

    /// @inheritdoc IClaims
    function state(bytes32 batchId) external view returns (State) {
        return _state(_rows[batchId]);
    }

    /// @inheritdoc IClaims
    function outcome(bytes32 batchId) external view returns (State, uint32) {
        Row storage row = _rows[batchId];
        return (_state(row), row.hasVoids ? uint32(_voids[batchId]) : 0);
    }

    /// @inheritdoc IClaims
    function inWindow(bytes32 batchId) external view returns (bool) {
        Row storage row = _rows[batchId];
        if (row.status != Status.Pending && row.status != Status.Demanded) return false;
        (uint32 windowSeconds, uint32 windowBlocks, , ) = PARAMETERS.claimRules(row.epoch);
        return !_passed(row.time, row.blockNumber, windowSeconds, windowBlocks);
    }

    /// @inheritdoc IClaims
    function batch(bytes32 batchId) external view returns (Batch memory) {
        Row storage row = _rows[batchId];
        return Batch(row.root, row.client, row.lock, row.count, row.executor, row.time, row.blockNumber, row.epoch);
    }

    /// @inheritdoc IClaims
    function openDemands(bytes32 batchId) external view returns (uint32) {
        Row storage row = _rows[batchId];
        return row.status == Status.Demanded ? uint32(row.more) : 0;
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
        if (row.status != Status.Rejected) return (address(0), 0, address(0));
        uint256 more = row.more;
        uint256 index = more >> 192;
        adjudicator =
            index == REFEREE
                ? REFEREE_ADDRESS
                : index == AVAILABILITY
                    ? AVAILABILITY_ADDRESS
                    : index == CLIENT
                        ? row.client
                        : MALFORMED_ADDRESS;
        return (address(uint160(more)), uint32(more >> 160), adjudicator);
    }

    function _adjudicator(address client) private view returns (uint8) {
        if (msg.sender == REFEREE_ADDRESS) return REFEREE;
        if (msg.sender == MALFORMED_ADDRESS) return 1;
        if (msg.sender == AVAILABILITY_ADDRESS) return AVAILABILITY;
        require(msg.sender == client, Claims_NotAdjudicator(msg.sender));
        return CLIENT;
    }

    function _onlyAvailability(bytes32 batchId) private view returns (Row storage row) {
        require(msg.sender == AVAILABILITY_ADDRESS, Claims_NotAdjudicator(msg.sender));
        row = _rows[batchId];
        _requirePending(batchId, row);
    }

    function _requirePending(bytes32 batchId, Row storage row) private view {
        State current = _state(row);
        require(current == State.Pending, Claims_NotPending(batchId, current));
    }

    function _state(Row storage row) private view returns (State) {
        Status status = row.status;
        if (status == Status.None) return State.None;
        if (status == Status.Rejected) return State.Rejected;
        (uint32 windowSeconds, uint32 windowBlocks, uint32 graceSeconds, uint32 graceBlocks) = PARAMETERS.claimRules(
            row.epoch
        );
        if (!_passed(row.time, row.blockNumber, windowSeconds, windowBlocks)) return State.Pending;
        if (status == Status.Demanded) {
            uint256 more = row.more;
            if (uint32(more) != 0) return State.Pending;
            if (!_passed(uint40(more >> 32), more >> 72, graceSeconds, graceBlocks)) return State.Pending;
        }
        return State.Final;
    }

    /// @dev Both clocks have passed: more seconds and more blocks than the length lie behind.
    function _passed(
        uint256 time,
        uint256 start,
        uint256 lengthSeconds,
        uint256 lengthBlocks
    ) private view returns (bool) {
        return block.timestamp > time + lengthSeconds && block.number > start + lengthBlocks;
    }
}
